package arrival

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/core/client"
)

// post asks a server that h is, and reads at most n pieces of its answer.
func post(t *testing.T, h http.HandlerFunc, n int) ([]*Piece, error) {
	t.Helper()
	got := make(chan struct{}, n) // a piece was read
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(&paced{w, got}, r) }))
	defer web.Close()
	defer close(got)
	to, err := target.Parse(web.URL, []string{"X-User: ann"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Post(t.Context(), to, client.Request{Type: "threads.list"}, time.Second)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var pieces []*Piece
	for range n {
		p, err := s.Next(time.Now().Add(time.Second))
		if err != nil {
			return pieces, err
		}
		pieces = append(pieces, p)
		got <- struct{}{}
	}
	return pieces, nil
}

// A paced writer knows what was read of it.
type paced struct {
	http.ResponseWriter
	got <-chan struct{} // one for each piece; closed when nobody reads any more
}

// Flush implements http.Flusher.
func (p *paced) Flush() { p.ResponseWriter.(http.Flusher).Flush() }

// wait returns when all that frames hold has been read.
func (p *paced) wait(frames string) {
	pieces := strings.Count(frames, "\n\n")
	for line := range strings.Lines(frames) {
		if comment, ok := strings.CutPrefix(line, ": "); ok {
			if _, time := writeTime([]byte(strings.TrimSpace(comment))); !time {
				pieces++
			}
		}
	}
	for range pieces {
		<-p.got
	}
}

func events(w http.ResponseWriter, frames ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for i, f := range frames {
		io.WriteString(w, f)
		w.(http.Flusher).Flush()
		if i < len(frames)-1 {
			w.(*paced).wait(f) // or two would be one read
		}
	}
}

const progress = "data: {\"type\":\"progress_update\",\"text\":\"x\"}\n\n"

func TestPiecesThatCameTogetherAreSeenTo(t *testing.T) {
	pieces, err := post(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-User") != "ann" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusEarlyHints)
		events(w, ": chatkit\n", ": t=12.5\n"+progress+progress, progress, ": t=30\ndata: {\"type\":\"debug.tick\",\"n\":0,\"of\":1,\"t\":1}\n\n")
	}, 9)
	if !errors.Is(err, io.EOF) || len(pieces) != 5 {
		t.Fatalf("%d pieces, error = %v; want 5 and the end", len(pieces), err)
	}
	if !pieces[0].Comment || pieces[1].Read == pieces[0].Read || pieces[1].Read != pieces[2].Read || pieces[2].Read == pieces[3].Read {
		t.Errorf("reads = %d %d %d %d, want the second and third together", pieces[0].Read, pieces[1].Read, pieces[2].Read, pieces[3].Read)
	}
	if w := pieces[1].Written; w == nil || *w != 12.5 {
		t.Errorf("written = %v, want 12.5", w)
	}
	if p := pieces[4]; !p.Tick || !p.Text || p.Event != nil || *p.Written != 30 {
		t.Errorf("tick = %+v", p)
	}
}

// Times that nobody can have would make the measurements infinite.
func TestAbsurdTimesAreNone(t *testing.T) {
	tick := func(at string) string { return "data: {\"type\":\"debug.tick\",\"n\":0,\"of\":1,\"t\":" + at + "}\n\n" }
	pieces, err := post(t, func(w http.ResponseWriter, _ *http.Request) {
		events(w, tick("1e308"), tick("-1e308"), tick("-1"), ": t=1e308\n"+tick("1e12"), tick("12.5"))
	}, 9)
	if !errors.Is(err, io.EOF) || len(pieces) != 6 { // a comment with an absurd time is a comment
		t.Fatalf("%d pieces, error = %v; want 6 and the end", len(pieces), err)
	}
	for i, p := range pieces[:5] {
		if p.Written != nil {
			t.Errorf("piece %d was written at %v, want no time", i, *p.Written)
		}
	}
	if w := pieces[5].Written; w == nil || *w != 12.5 {
		t.Errorf("written = %v, want 12.5", w)
	}
}

func TestAnswersThatAreNoStream(t *testing.T) {
	for _, c := range []struct {
		name string
		h    http.HandlerFunc
		want string
	}{
		{"a refusal", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			io.WriteString(w, `{"message":"no such thing"}`)
		}, "no such thing"},
		{"a redirect", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) }, "302"},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, "want an event stream"},
		{"a compressed stream", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			events(w, progress)
		}, "compressed"},
		{"an endless header", func(w http.ResponseWriter, _ *http.Request) {
			for i := range 2000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1000))
			}
			events(w, progress)
		}, "too long"},
		{"an endless line", func(w http.ResponseWriter, _ *http.Request) {
			events(w, "data: "+strings.Repeat("x", target.MaxLine+1))
		}, "too long"},
		{"an event that is no JSON", func(w http.ResponseWriter, _ *http.Request) { events(w, "data: hello\n\n") }, "no JSON"},
		{"silence", func(w http.ResponseWriter, r *http.Request) {
			events(w, ": chatkit\n")
			<-r.Context().Done()
		}, ErrQuiet.Error()},
		{"no answer at all", func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}, ErrQuiet.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := post(t, c.h, 5)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestNobodyIsUnreachable(t *testing.T) {
	to, err := target.Parse("http://127.0.0.1:1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Post(t.Context(), to, "x", time.Second); !errors.Is(err, ErrUnreachable) {
		t.Errorf("error = %v, want %v", err, ErrUnreachable)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	left := errors.New("left")
	cancel(left)
	if _, err := Post(ctx, to, "x", time.Second); err == nil {
		t.Error("a context that has ended: no error")
	}
}
