// Package client speaks the ChatKit protocol to any server that serves it.
//
// A [Client] posts requests to one URL. Requests that answer with a document
// go through [Client.Do] or one of its typed forms ([Client.Thread],
// [Client.Items], …); requests that answer with an event stream go through
// [Client.Stream] or one of its typed forms ([Client.CreateThread],
// [Client.Send], [Client.Retry], …):
//
//	c := client.New("http://localhost:8080/chatkit")
//	stream, err := c.CreateThread(ctx, client.Text("Hello"))
//	if err != nil {
//		return err
//	}
//	defer stream.Close()
//	for e, err := range stream.Events() {
//		if err != nil {
//			return err
//		}
//		switch e := e.Event.(type) {
//		case *chatkit.ThreadItemDoneEvent:
//			fmt.Println(e.Item.Meta().ID)
//		}
//	}
//
// Closing a stream, or cancelling its context, is what a user's Stop does:
// the protocol has no other way to say it. A client made with [WithResume] stops
// by [Client.Cancel] instead.
//
// [FrameReader] reads server-sent events by the WHATWG rules and is usable by
// itself. It is what tests and diagnostic tools want: with [WithFrames] a
// client shows every frame and every comment with its time of arrival.
package client
