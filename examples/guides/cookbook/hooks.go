package cookbook

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/cors"
	"github.com/gochatkit/chatkit/core/run"
)

// An app is what surrounds a chat.
type app struct {
	userOf  func(ctx context.Context) string
	record  func(ctx context.Context, owner, thread string, items []string, good bool) error
	whisper func(ctx context.Context, audio []byte, mediaType string) (string, error)
	turns   interface {
		Observe(took time.Duration, status run.Status)
	}
}

func (x *app) hooks() *chatkit.Options {
	userOf, record, whisper, turns := x.userOf, x.record, x.whisper, x.turns
	opts := &chatkit.Options{
		Owner: func(ctx context.Context) (string, error) { return userOf(ctx), nil }, // see Auth and owners
		Feedback: func(ctx context.Context, owner string, f *chatkit.Feedback) error {
			return record(ctx, owner, f.ThreadID, f.ItemIDs, f.Kind == chatkit.FeedbackPositive)
		},
		Transcribe: func(ctx context.Context, a *chatkit.Audio) (string, error) {
			return whisper(ctx, a.Data, a.MediaType) // "audio/webm"
		},
		Run: run.Config{OnEnd: func(e run.End) { turns.Observe(e.Duration, e.Status) }},
	}
	return opts
}

func attachments(mux *http.ServeMux, store chatkit.Store, secret []byte, owner func(context.Context) (string, error)) error {
	folder, err := attach.NewFolder("uploads")
	if err != nil {
		return err
	}
	files, err := attach.New(folder, store, &attach.Options{URL: "https://chat.example.com/files", Secret: secret, Owner: owner})
	if err != nil {
		return err
	}
	srv := chatkit.NewServer(store, respond, &chatkit.Options{Attachments: files, Owner: owner})
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	mux.Handle("/files", files)  // uploads in one step
	mux.Handle("/files/", files) // uploads in two, and previews
	return nil
}

func pictures(ctx context.Context, t *chatkit.Turn, files *attach.Files) (input []json.RawMessage, err error) {
	for _, a := range t.Input.Attachments {
		url, err := files.DataURL(ctx, t.Owner(), a) // or Text, Bytes, Open, Link
		if err != nil {
			return nil, err
		}
		input = append(input, agent.InputImage(url))
	}
	return input, nil
}

func elsewhere(mux *http.ServeMux, srv *chatkit.Server) error {
	allow, err := cors.New(&cors.Options{Origins: []string{"https://shop.example.com"}})
	if err != nil {
		return err // not an origin
	}
	mux.Handle("/chatkit", allow(nethttpchatkit.Handler(srv)))
	return nil
}
