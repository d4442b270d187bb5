package main

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/testdata/vectors"
)

// The vectors are played from outside, as against a server of another language, through every framework. The
// server makes its own ids and shows its own clock.
func TestVectorsFromOutside(t *testing.T) {
	for _, s := range servers() {
		if s.start == nil {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			responder := vectortest.NewResponder()
			url, stop, err := s.start(responder.Server())
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			script := httptest.NewServer(responder)
			defer script.Close()
			for name, folder := range map[string]fs.FS{"golden": vectors.Server, "recorded": os.DirFS("testdata/recorded")} {
				t.Run(name, func(t *testing.T) {
					outcomes, err := vectortest.Remote(t.Context(), folder, vectortest.RemoteOptions{Client: client.New(url, client.WithRaw()), Script: script.URL})
					if err != nil {
						t.Fatal(err)
					}
					if len(outcomes) < 50 {
						t.Errorf("%d vectors were played, want all", len(outcomes))
					}
					vectortest.Report(t, outcomes)
				})
			}
		})
	}
}
