package agenttest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Server is a fake provider on the loopback. It answers
//
//	POST /v1/responses
//	GET  /v1/responses/{id}          resume; ?stream=true is required, as by the real one
//	POST /v1/responses/{id}/cancel
//	POST /v1/chat/completions
//
// and nothing else. Use its URL + "/v1" as base URL, with any key.
type Server struct {
	*httptest.Server

	mu       sync.Mutex
	scripts  []Script
	requests []Request
	gone     chan Request
	n        int
}

// A Request is what the server was asked.
type Request struct {
	Method string
	Path   string
	Query  string
	Header http.Header
	Body   json.RawMessage
	Start  time.Time
}

// NewServer starts a server that follows the scripts, one per request. When they run out it makes up
// answers. Close it at the end.
func NewServer(scripts ...Script) *Server {
	s := NewUnstarted(scripts...)
	s.Start()
	return s
}

// NewUnstarted is NewServer for those who change the server before they call Start or StartTLS.
func NewUnstarted(scripts ...Script) *Server {
	s := &Server{scripts: scripts, gone: make(chan Request, 1000)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	return s
}

// BaseURL is what clients want to know.
func (s *Server) BaseURL() string { return s.URL + "/v1" }

// Add adds scripts for the next requests.
func (s *Server) Add(scripts ...Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, scripts...)
}

// Requests returns all requests so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Gone delivers each request whose client went away before its answer was complete.
func (s *Server) Gone() <-chan Request { return s.gone }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away while asking
	}
	req := Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: body, Start: time.Now()}
	s.mu.Lock()
	s.requests = append(s.requests, req)
	s.n++
	n := s.n
	s.mu.Unlock()
	chat := false
	switch path := strings.TrimPrefix(r.URL.Path, "/v1"); {
	case r.Method == http.MethodPost && path == "/responses":
	case r.Method == http.MethodPost && path == "/chat/completions":
		chat = true
	case r.Method == http.MethodPost && strings.HasPrefix(path, "/responses/") && strings.HasSuffix(path, "/cancel"):
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":"cancelled"}`)
		return
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/responses/"):
		if r.URL.Query().Get("stream") != "true" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"status":"in_progress"}`)
			return
		}
	default:
		http.NotFound(w, r)
		return
	}
	sc := s.next(body, chat)
	if err := play(r.Context(), w, sc, n, chat); err != nil {
		select {
		case s.gone <- req:
		default: // nobody reads them
		}
	}
}

func (s *Server) next(body []byte, chat bool) Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.scripts) == 0 {
		return Script{Answer: Improvise(body)}
	}
	sc := s.scripts[0]
	s.scripts = s.scripts[1:]
	if sc.Answer == nil && sc.Events == nil && sc.Body == "" {
		sc.Answer = Improvise(body)
	}
	return sc
}

// play follows a script. It returns an error if the client went away.
func play(ctx context.Context, w http.ResponseWriter, sc Script, n int, chat bool) error {
	if err := pause(ctx, sc.HeaderDelay); err != nil {
		return err
	}
	typ := sc.ContentType
	switch {
	case typ == "" && sc.Status >= 400:
		typ = "application/json"
	case typ == "":
		typ = "text/event-stream"
	}
	w.Header().Set("Content-Type", typ)
	for k, v := range sc.Header {
		w.Header()[k] = v
	}
	if sc.Status != 0 {
		w.WriteHeader(sc.Status)
	}
	out := http.NewResponseController(w)
	_ = out.Flush() // a writer that cannot flush sends at the end
	if err := pause(ctx, sc.FirstDelay); err != nil {
		return err
	}
	for i, piece := range pieces(sc, n, chat) {
		if sc.Stop != StopNever && i >= sc.StopAfter {
			switch sc.Stop {
			case StopReset:
				panic(http.ErrAbortHandler)
			case StopSilent:
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		if i > 0 {
			d := sc.Pace
			if sc.Jitter > 0 {
				d += rand.N(sc.Jitter)
			}
			if err := pause(ctx, d); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, piece); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// pieces returns what a script writes at a time.
func pieces(sc Script, n int, chat bool) []string {
	var out []string
	switch events := sc.Events; {
	case sc.Body != "":
		out = []string{sc.Body}
	default:
		if sc.Answer != nil && chat {
			events = append(sc.Answer.Chat(n), "[DONE]")
		} else if sc.Answer != nil {
			events = sc.Answer.Responses(n)
		}
		for _, e := range events {
			out = append(out, Frame(e))
		}
		if sc.NoEnd && len(out) > 0 {
			if last := len(out) - 1; events[last] == "[DONE]" {
				out = out[:last]
			}
			out[len(out)-1] = strings.TrimRight(out[len(out)-1], "\n")
		}
	}
	if sc.CRLF {
		for i := range out {
			out[i] = strings.ReplaceAll(out[i], "\n", "\r\n")
		}
	}
	if sc.Piece > 0 {
		all := strings.Join(out, "")
		out = nil
		for chunk := range slices.Chunk([]byte(all), sc.Piece) {
			out = append(out, string(chunk))
		}
	}
	return out
}

// Frame puts the data of one event into the form of server-sent events.
func Frame(data string) string {
	var e struct {
		Type string `json:"type"`
	}
	if json.Unmarshal([]byte(data), &e) == nil && e.Type != "" {
		return fmt.Sprintf("event: %s\ndata: %s\n\n", e.Type, data)
	}
	return "data: " + data + "\n\n"
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
