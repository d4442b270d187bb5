// Package chatkit serves OpenAI's ChatKit user interface from your own Go server. You write one function
// that answers a message; a [Server] speaks the protocol with the browser. A complete program:
//
//	package main
//
//	import (
//		"context"
//		"log"
//		"net/http"
//
//		nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
//		chatkit "github.com/gochatkit/chatkit/core"
//		"github.com/gochatkit/chatkit/core/memstore"
//	)
//
//	func respond(ctx context.Context, t *chatkit.Turn) error {
//		return t.Text("Hello from **Go**.")
//	}
//
//	func main() {
//		srv := chatkit.NewServer(memstore.New(), respond, nil)
//		http.Handle("/chatkit", nethttpchatkit.Handler(srv))
//		log.Fatal(http.ListenAndServe("localhost:8000", nil))
//	}
//
// For Gin, Echo, Fiber and fasthttp there is an adapter module each, which mounts the same [Server]. Point the option
// api.url of ChatKit's page at the route: all requests go there. A [Turn] is what an answer is written to, a [Store]
// is where threads are kept, and [Options] have everything that is optional.
//
// # The life of a turn
//
// A turn is one call of a [RespondFunc], or of Options.Action. It belongs to the server, not to a connection. What
// begins it, such as the user's message, is stored before. What the turn writes appears in the browser at once; an
// item that is complete is stored first. Writing never waits for a client.
//
// The turn's context keeps the values of the request's context and outlives the connection. It ends when the turn
// is to end, and context.Cause tells why; ask with errors.Is:
//
//   - [ErrStopped], [ErrDisconnected]: the user stopped the answer, or left. Options.Disconnect decides what becomes
//     of a turn that nobody watches.
//   - [ErrSuperseded], [ErrRetried], [ErrThreadDeleted]: the user wrote another message, asked for another answer,
//     or deleted the thread.
//   - [ErrStalled], [ErrDeadline]: the turn was silent for too long, or took too long. Options.Run has the limits.
//   - [ErrShutdown]: the server is shutting down, and the time for turns to finish is over, see [Server.Shutdown].
//
// Pass the context on to the model, return the errors that the turn's methods return, and return soon. Nothing has to
// be saved: the complete items of an interrupted turn are in the store already, and what was written of a message is
// stored now, with a hidden note behind it that tells the model that it was cut off. Other items that are not
// complete are dropped. After a retry, and with a deleted thread, everything that the turn has made goes. To keep
// more or less than that, set Options.OnCancel. A function that does not return within Options.Run.StopTimeout is left
// behind: the thread is free for the next turn, and what the old one still writes is refused.
//
// A turn whose function returns nil has ended well. An item that it left open is finished, or removed if there is
// nothing in it to read, with a warning in the log.
//
// # Errors
//
// Return a [*StreamError], wrapped or bare, for what the user is to read. Any other error, and a panic, shows the
// client's own text with a retry button; the error goes to the log, and its message never leaves the server:
//
//	return &chatkit.StreamError{Message: "You have used today's 100 messages.", Err: err}
//	return fmt.Errorf("ask the model: %w", err)
//
// What was written before the error is kept as in an interrupted turn, unless Options.DropPartialOnError is set. Once
// a turn's context has ended, an error from its function changes nothing: the first cause counts. An item that could
// not be stored fails the turn, even if its function goes on and returns nil.
//
// A request that is refused before an answer begins gets a status and a text from [HTTPStatus]: 401 for
// [ErrUnauthorized], 400 with its Message for a StreamError of a hook such as Options.SyncAction, and 500 without any
// of its text for an error that is none of the known ones.
//
// # Owners
//
// Options.Owner computes, once per request, whose data the request works on, from what middleware has put into its
// context: a user, a tenant or a session. Every method of a [Store] takes this owner, and a turn in progress has it,
// too: what belongs to somebody else is not found. An error, or an empty owner, refuses the request.
//
// Without Options.Owner everything belongs to the owner "", and whoever reaches the route sees every thread. That is
// right for one user only.
//
// # Types of the protocol
//
// Wire types carry the protocol's own names, so that every ChatKit document stays searchable:
// [ThreadItemDoneEvent], [AssistantMessageItem], [WidgetItem]. Where the protocol has a union, such as an
// item or an event, the package has a sealed interface ([Item], [Event]) whose variants are pointers. Each
// union has an Unknown variant that keeps the JSON of a kind that this version does not know; reading and
// writing it loses nothing.
//
// [json.Marshal] of an item, a thread or an attachment gives its complete stored form, which
// [UnmarshalItem] and friends read back. The form that a browser sees lacks the server's own data
// (metadata of attachments and threads) and is what an event marshals to.
package chatkit
