package nethttpchatkit_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// Two hundred clients in the middle of an answer each get a last event when the server shuts down, and then
// the web server has nothing to wait for.
func TestShutdownTellsTwoHundredClients(t *testing.T) {
	const clients = 200
	opts := &chatkit.Options{Logger: slog.New(slog.DiscardHandler)}
	opts.Run.Drain = -1
	srv := chatkit.NewServer(memstore.New(), func(ctx context.Context, t *chatkit.Turn) error {
		if _, err := t.Message().WriteString("part"); err != nil {
			return err
		}
		<-ctx.Done()
		return context.Cause(ctx)
	}, opts)
	web := httptest.NewServer(nethttpchatkit.Handler(srv))
	defer web.Close()

	var begun, ended sync.WaitGroup
	begun.Add(clients)
	last := make([]string, clients)
	for i := range clients {
		ended.Go(func() {
			started := sync.OnceFunc(begun.Done)
			defer started()
			body := `{"type":"threads.create","params":{"input":{"content":[],"attachments":[],"inference_options":{}}}}`
			res, err := http.Post(web.URL, "application/json", strings.NewReader(body))
			if err != nil {
				last[i] = err.Error()
				return
			}
			defer res.Body.Close()
			lines := bufio.NewScanner(res.Body)
			for lines.Scan() {
				if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
					last[i] = data
				}
				if strings.Contains(last[i], `"delta"`) {
					started()
				}
			}
			if err := lines.Err(); err != nil {
				last[i] = err.Error()
			}
		})
	}
	begun.Wait()
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	t.Logf("the chat was shut down after %v", time.Since(began))
	if err := web.Config.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	t.Logf("the web server was shut down after %v", time.Since(began))
	ended.Wait()
	for i, got := range last {
		if want := `{"type":"error","code":"stream.error","allow_retry":true}`; got != want {
			t.Errorf("last event of client %d = %s, want %s", i, got, want)
		}
	}
}
