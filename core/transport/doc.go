// Package transport is the seam between the ChatKit core and a web framework.
//
// The core knows one request in ([Request]) and one response out ([Response]), and nothing of
// net/http, gin, echo or fasthttp. An adapter turns its framework's request into a Request, hands both to
// a [Handler], and takes care of what only it can know: reading the body within a limit, finding out
// whether the writer can flush, keeping the headers that middlewares have set, noticing that the
// client has left, and carrying the framework's values over. The core takes care of everything else:
// status codes, event frames, heartbeats, write deadlines, draining, panics.
//
// # Why a stream is a function
//
// On net/http a handler writes and flushes while it runs. On fasthttp it has to return before the first
// byte can leave. So [Response.Stream] takes a function: the net/http family calls it before Stream
// returns, fasthttp calls it after the handler and all its middlewares have returned. A core that is
// correct for the second kind is correct for the first.
//
// # One surprise
//
// The header leaves together with the first Write. A stream that may stay silent for a while writes a
// comment line first, or the browser learns nothing until the first event.
package transport
