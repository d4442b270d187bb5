// Package playground is a chat page for any ChatKit server, compiled into the program that serves it. It
// shows everything that the protocol can do, and what travels to make it so.
//
//	http.Handle("/chatkit", nethttpchatkit.Handler(srv))
//	http.Handle("/playground/", playground.Handler(playground.Options{}))
//
// On the left are the threads; in the middle is the conversation, with widgets, forms, client tools, files and
// Stop; on the right is an inspector, which shows every event with its time. Answers go on after a lost
// connection and a reload if the ChatKit route also takes GET, for its script.
//
// The page is meant for whoever builds a server. It therefore answers on loopback names only, unless
// [Options.AllowedHosts] says otherwise, and no adapter mounts it by itself. It loads nothing from elsewhere,
// except pictures that an answer shows, and its security policy forbids it to. It has no login of its own: what
// the ChatKit route demands, such as a cookie, has to be there already.
//
// The page is made of the files in the folder web, which are served as they are. What is embedded is an archive
// of them, made by go generate; a test says when it is old. One of the files, vendor.js, is made of libraries, which
// takes Node: see internal/vendored.
package playground

//go:generate go run ./internal/pack web page.zip
