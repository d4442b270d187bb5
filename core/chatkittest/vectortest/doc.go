// Package vectortest plays recorded conversations ("golden vectors") against a
// ChatKit server and compares what comes out.
//
// The vectors say what the Python reference server answered, with ids that are
// counted, a clock that stands still and an author's code that is a list of
// steps. [Server] plays them through any way of reaching a server:
//
//	func TestVectors(t *testing.T) {
//		vectortest.Run(t, vectortest.Dir("testdata/vectors"), vectortest.InProcess, nil)
//	}
//
// [InProcess] calls the server directly, [Over] goes through whatever answers at
// an address: an adapter, a framework, a proxy.
//
// [Remote] plays them from outside, against a server in whatever language that keeps
// the contract of docs/responder-contract.md. [Responder] keeps it in Go.
//
// Answers are compared as JSON. Where this server differs from the reference on
// purpose, [Differences] lists the rule and its reason.
package vectortest
