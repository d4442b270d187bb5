// Package attach takes the files that users add to their messages: both ways to upload, the checks, the
// bytes, the previews, and the clearing up (ChatKit protocol: attachments).
//
//	blobs, err := attach.NewFolder("uploads")
//	…
//	files, err := attach.New(blobs, store, &attach.Options{URL: "https://chat.example.com/files", Secret: secret, Owner: owner})
//	…
//	srv := chatkit.NewServer(store, respond, &chatkit.Options{Attachments: files, Owner: owner})
//	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
//	mux.Handle("/files", files)  // uploadStrategy {type: "direct", uploadUrl: "/files"}
//	mux.Handle("/files/", files) // uploadStrategy {type: "two_phase"}, and previews
//
// A file is known by its id and by what its bytes are, never by the name that a browser gave it. Its bytes
// are looked at when they arrive here, and again before a message carries them. Only four kinds of images
// are ever shown by a browser as what they are; everything else is a download.
//
// Call [Files.Sweep] once in a while: what was uploaded and never sent is not found otherwise.
package attach
