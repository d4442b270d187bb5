package probe

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
)

// What is kept of a stream must not be more than its server had to send.
func TestAStreamOfCommentsHasAnEnd(t *testing.T) {
	for name, frame := range map[string]string{"comments": ":\n", "events": "data: {\"type\":\"x\"}\n\n"} {
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for range 1000 {
				if _, err := io.WriteString(w, strings.Repeat(frame, maxPieces/900)); err != nil {
					return
				}
			}
		}))
		to, err := target.Parse(web.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := runRound(t.Context(), to, ask("Hi"), &Config{Timeout: time.Minute, Stall: time.Minute})
		web.Close()
		if r.err == nil || !strings.Contains(r.Error, "more than") || r.Heartbeats+r.Events > maxPieces {
			t.Errorf("%s: %d pieces, error %q, want at most %d and an error", name, r.Heartbeats+r.Events, r.Error, maxPieces)
		}
	}
}
