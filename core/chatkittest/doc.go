// Package chatkittest helps to test a ChatKit server.
//
// [Ask] puts a question to a server without any HTTP and returns what a client
// would have seen:
//
//	func TestGreets(t *testing.T) {
//		srv := chatkit.NewServer(memstore.New(), respond, nil)
//		got := chatkittest.Ask(t, srv, "Hello")
//		got.AssertText(t, "Hello yourself.")
//		got.AssertProgress(t, "Thinking")
//	}
//
// [NewChat] is for more than one question: it remembers the thread, sends results of
// client tools, forms and actions, and stops an answer at a place of one's choice:
//
//	func TestStops(t *testing.T) {
//		chat := chatkittest.NewChat(t, srv)
//		live := chat.Begin("A story, please")
//		live.Until("Once upon") // it is on the screen
//		live.Stop()
//		if len(chat.Stored()) != 3 { // message, partial answer, note for the model
//			…
//		}
//	}
//
// [Script] is a RespondFunc that does as it is told, for tests of what lies
// around it: a client, an adapter, a store. [Faults] wraps a store so that calls
// of one's choice fail, hang or are slow. [IDs] and [Clock] make what a server
// writes repeatable.
//
// The packages below it check whole parts against the protocol: adaptertest an
// adapter, vectortest anything that answers requests, with conversations
// recorded from the Python reference server.
package chatkittest
