package nethttp

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

// plain can neither flush nor unwrap.
type plain struct{ h http.Header }

func (p plain) Header() http.Header         { return p.h }
func (p plain) Write(b []byte) (int, error) { return len(b), nil }
func (p plain) WriteHeader(int)             {}

// base is a connection's own writer: it notes flushes and deadlines.
type base struct {
	plain
	flushed *[]string
	write   time.Time
}

func (b *base) FlushError() error { *b.flushed = append(*b.flushed, "base"); return nil }

func (b *base) SetWriteDeadline(t time.Time) error { b.write = t; return nil }

// unwrapping has an Unwrap method and no flush.
type unwrapping struct{ http.ResponseWriter }

func (u unwrapping) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// embedding shows the next writer only as an exported embedded field, and flushes.
type embedding struct {
	http.ResponseWriter
	flushed *[]string
}

func (e *embedding) Flush() { *e.flushed = append(*e.flushed, "embedding") }

func TestFlushersNameTheLayerThatHoldsBack(t *testing.T) {
	var flushed []string
	b := &base{flushed: &flushed}
	for _, tt := range []struct {
		name string
		w    http.ResponseWriter
		want string // in the error; empty for none
	}{
		{"a connection", b, ""},
		{"a recorder", httptest.NewRecorder(), ""},
		{"a wrapper with Unwrap", unwrapping{b}, ""},
		{"wrappers with Unwrap", unwrapping{unwrapping{b}}, ""},
		{"a wrapper that flushes", &embedding{b, &flushed}, ""},
		{"a plain writer", plain{}, "nethttp.plain"},
		{"a wrapper without any method", struct{ http.ResponseWriter }{b}, "struct { http.ResponseWriter }"},
		{"the same further in", unwrapping{struct{ http.ResponseWriter }{b}}, "struct { http.ResponseWriter }"},
		{"an Unwrap that leads to nothing", unwrapping{nil}, "nethttp.unwrapping"},
		{"an Unwrap that leads to a plain writer", unwrapping{plain{}}, "nethttp.plain"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := layersOf(tt.w).flushers()
			if tt.want == "" {
				if err != nil {
					t.Errorf("flushers() = %v, want none", err)
				}
				return
			}
			if !errors.Is(err, transport.ErrCannotStream) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("flushers() = %v, want %v that names %s", err, transport.ErrCannotStream, tt.want)
			}
		})
	}
}

func TestTimeoutHandlerIsRefusedByName(t *testing.T) {
	var err error
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, err = layersOf(w).flushers() })
	http.TimeoutHandler(app, time.Minute, "").ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil))
	if err == nil || !strings.Contains(err.Error(), "*http.timeoutWriter") {
		t.Errorf("flushers() = %v, want an error that names *http.timeoutWriter", err)
	}
}

func TestFlushReachesTheConnectionBehindLayersThatFlushThemselves(t *testing.T) {
	var flushed []string
	w := &embedding{unwrapping{&base{flushed: &flushed}}, &flushed}
	flushers, err := layersOf(w).flushers()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flushers {
		if err := http.NewResponseController(f).Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := strings.Join(flushed, " "), "embedding base"; got != want {
		t.Errorf("flushed layers = %q, want %q", got, want)
	}
}

func TestDeadlinesAreFoundBehindWrappersThatHideThem(t *testing.T) {
	var flushed []string
	b := &base{flushed: &flushed}
	at := time.Unix(1700000000, 0)
	if err := layersOf(&embedding{unwrapping{b}, &flushed}).setWriteDeadline(at); err != nil || !b.write.Equal(at) {
		t.Errorf("deadline = %v, %v, want %v", b.write, err, at)
	}
	if err := layersOf(plain{}).setWriteDeadline(at); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("setWriteDeadline without a connection = %v, want %v", err, errors.ErrUnsupported)
	}
	if err := layersOf(b).setReadDeadline(at); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("setReadDeadline without such a method = %v, want %v", err, errors.ErrUnsupported)
	}
}

func TestWalkEndsInACircle(t *testing.T) {
	c := &circle{}
	if got := len(layersOf(c)); got != maxLayers {
		t.Errorf("layers of a writer that unwraps to itself = %d, want %d", got, maxLayers)
	}
}

type circle struct{ plain }

func (c *circle) Unwrap() http.ResponseWriter { return c }
