// Package playground is a chat page for any ChatKit server, compiled into the program that serves it. It
// shows everything that the protocol can do, and what travels to make it so.
//
//	http.Handle("/chatkit", nethttpchatkit.Handler(srv))
//	http.Handle("/playground/", playground.Handler(nil))
//
// On the left are the threads; in the middle is the conversation, with widgets, forms, client tools, files and
// Stop; on the right is an inspector, which shows every event with its time. Answers go on after a lost
// connection and a reload if the ChatKit route also takes GET, for its script.
//
// The page is meant for whoever builds a server. It therefore answers on loopback names only, unless
// [Options.AllowedHosts] says otherwise, and no adapter mounts it by itself. It loads nothing from elsewhere,
// except pictures that an answer shows, and its security policy forbids it to: [Options.ImageOrigins] says where
// pictures may come from, and [Options.Official] adds a page that does load something. It has no login of its own. A
// cookie that the ChatKit route demands has to be there already; a header, such as Authorization, can be set on the page: its
// inspector has a button for that, and so has the error of a request that was refused.
//
// The page is made of the files in the folder web, which are served as they are. What is embedded is an archive
// of them, made by go generate; a test says when it is old. One of the files, vendor.js, is made of libraries, which
// takes Node: see internal/vendored.
package playground

//go:generate go run ./internal/pack web page.gz
