// Package run is the life of one answer: it begins when a request is accepted
// and ends, exactly once, with a named cause.
//
// A run belongs to the server and not to a connection. Whoever wants to see it,
// the client whose request began it included, is a [Reader] with a cursor over
// the run's [Log]; the end of a connection is an input to the run's
// [Disconnect] policy and nothing more.
//
//	POST ──► claim the thread ──► Prepare ──► Produce ──► Finish ──► ended
//	          (Policy)            (stores      (the        (partials,
//	                               the input)   author)     note, last event)
//	                                 │            │            │
//	                                 └────────────┴──► Log ◄───┘
//	                                                    │ cursor
//	                                       Reader  Reader  Reader
//
// The package knows nothing about ChatKit's items or about HTTP: a [Spec] says
// what happens in each phase, and frames are JSON objects. It imports the
// standard library only.
package run
