package adaptertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
	transporthttp "github.com/gochatkit/chatkit/core/transport/nethttp"
)

// adapter serves a handler as a correct adapter does, or not.
type adapter func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request)

func correct(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
	o := transporthttp.Options{MaxBodyBytes: s.MaxBodyBytes}
	if s.Context != nil {
		o.Context = s.Context(context.WithValue(r.Context(), UserKey{}, "alice"))
	}
	transporthttp.Serve(h, w, r, o)
}

// broken adapters, each with the behaviours that have to find out.
var broken = map[string]struct {
	adapter adapter
	fails   []int
}{
	"keeps events until the end": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		correct(h, s, rec, r)
		for name, v := range rec.Header() {
			w.Header()[name] = v
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	}, []int{1, 2}},
	"claims an encoding": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "identity")
		correct(h, s, w, r)
	}, []int{5}},
	"forgets headers of middlewares": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		clear(w.Header())
		correct(h, s, w, r)
	}, []int{6}},
	"adds to a stream": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		correct(h, s, w, r)
		w.Write([]byte(`{"error":"late"}`))
	}, []int{7, 36}},
	"does not look for disconnects": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		correct(h, s, w, r.WithContext(context.WithoutCancel(r.Context())))
	}, []int{12, 13, 14}},
	"closes connections": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		correct(h, s, w, r)
	}, []int{24, 25, 26}},
	"cannot abort, and has no deadlines": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		correct(wrapping{Handler: h, writer: func(w transport.StreamWriter) transport.StreamWriter { return tame{w} }}, s, w, r)
	}, []int{27, 34}},
	"answers other methods itself": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.NotFound(w, r)
			return
		}
		correct(h, s, w, r)
	}, []int{37}},
	"has no limit": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		s.MaxBodyBytes = 1 << 30
		correct(h, s, w, r)
	}, []int{40}},
	"hides how the body is encoded": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Content-Encoding")
		correct(h, s, w, r)
	}, []int{41}},
	"loses context values": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		s.Context = nil
		correct(h, s, w, r)
	}, []int{43}},
	"lends memory": {func(h transport.Handler, s Setup, w http.ResponseWriter, r *http.Request) {
		correct(wrapping{Handler: h, body: lend}, s, w, r)
	}, []int{44}},
}

// wrapping changes what a handler sees of its requests.
type wrapping struct {
	transport.Handler
	writer func(transport.StreamWriter) transport.StreamWriter
	body   func([]byte) []byte
}

func (w wrapping) Serve(req *transport.Request, res transport.Response) {
	if w.body != nil {
		read := req.Body
		req.Body = func() ([]byte, error) {
			data, err := read()
			return w.body(data), err
		}
	}
	if w.writer != nil {
		res = wrappedResponse{res, w.writer}
	}
	w.Handler.Serve(req, res)
}

var lent [256]byte

func lend(data []byte) []byte { return lent[:copy(lent[:], data)] }

type wrappedResponse struct {
	transport.Response
	writer func(transport.StreamWriter) transport.StreamWriter
}

func (r wrappedResponse) Stream(h http.Header, fn func(context.Context, transport.StreamWriter)) error {
	return r.Response.Stream(h, func(ctx context.Context, w transport.StreamWriter) { fn(ctx, r.writer(w)) })
}

// tame is a writer that can only write.
type tame struct{ transport.StreamWriter }

func (tame) Abort()                           {}
func (tame) SetWriteDeadline(time.Time) error { return nil }

func factoryOf(a adapter) Factory {
	return Factory{Family: NetHTTP, Start: func(tb testing.TB, s Setup) func(context.Context) error {
		return ServeHTTP(tb, s, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if s.Has(Headers) {
				w.Header().Set("X-Request-Id", "42")
			}
			if s.Has(CORS) {
				w.Header().Set("Access-Control-Allow-Origin", "*")
			}
			if s.Has(Values) {
				r = r.WithContext(context.WithValue(r.Context(), TenantKey{}, "acme"))
			}
			a(s.Handler, s, w, r)
		}))
	}}
}

func outcomeOf(t *testing.T, number int, a adapter) []string {
	for _, b := range behaviours() {
		if b.number == number {
			c := &check{TB: t, factory: factoryOf(a)}
			c.do(b.run)
			return c.result()
		}
	}
	t.Fatalf("there is no behaviour %d", number)
	return nil
}

func TestBrokenAdaptersAreFound(t *testing.T) {
	before := patienceNanos.Load()
	defer patienceNanos.Store(before)
	for name, b := range broken {
		t.Run(name, func(t *testing.T) {
			for _, number := range b.fails {
				patienceNanos.Store(int64(time.Second)) // for what will not happen
				if failures := outcomeOf(t, number, b.adapter); len(failures) == 0 {
					t.Errorf("behaviour %d holds, want it to fail", number)
				}
				patienceNanos.Store(before)
				if failures := outcomeOf(t, number, correct); len(failures) > 0 {
					t.Errorf("behaviour %d of a correct adapter fails: %s", number, failures)
				}
			}
		})
	}
}

func TestThereAre48Behaviours(t *testing.T) {
	all := behaviours()
	for i, b := range all {
		if b.number != i+1 {
			t.Fatalf("behaviour at place %d has number %d", i+1, b.number)
		}
	}
	if got, want := len(all)+1, 48; got != want { // the last one is the sum of all
		t.Errorf("behaviours = %d, want %d", got, want)
	}
}
