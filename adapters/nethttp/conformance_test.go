package nethttpchatkit_test

import (
	"compress/gzip"
	"context"
	"net/http"
	"strings"
	"testing"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestConformance(t *testing.T) {
	adaptertest.Run(t, adaptertest.Factory{
		Family:     adaptertest.NetHTTP,
		Start:      start,
		Middleware: []adaptertest.Middleware{adaptertest.Compress, adaptertest.BodyLogger},
	})
}

// nativeKey stands for the place where an application keeps what it knows of a user.
type nativeKey struct{}

func start(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	opts := []nethttpchatkit.Option{nethttpchatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
	if s.Context != nil {
		opts = append(opts, nethttpchatkit.WithContext(func(r *http.Request) context.Context {
			return s.Context(context.WithValue(r.Context(), adaptertest.UserKey{}, r.Context().Value(nativeKey{})))
		}))
	}
	mux := http.NewServeMux()
	mux.Handle(adaptertest.Path, nethttpchatkit.Handler(s.Handler, opts...))
	app := http.Handler(mux)
	for i := len(s.Middleware) - 1; i >= 0; i-- {
		app = middleware(s.Middleware[i], app)
	}
	return adaptertest.ServeHTTP(tb, s, app)
}

func middleware(kind adaptertest.Middleware, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch kind {
		case adaptertest.Headers:
			w.Header().Set("X-Request-Id", "42")
		case adaptertest.CORS:
			w.Header().Set("Access-Control-Allow-Origin", "*")
			if r.Method == http.MethodOptions {
				w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
				w.WriteHeader(http.StatusNoContent)
				return
			}
		case adaptertest.Recover:
			defer func() {
				if recover() != nil {
					w.WriteHeader(http.StatusInternalServerError)
				}
			}()
		case adaptertest.Values:
			ctx := context.WithValue(r.Context(), adaptertest.TenantKey{}, "acme")
			r = r.WithContext(context.WithValue(ctx, nativeKey{}, "alice"))
		case adaptertest.CancelOnReturn:
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			r = r.WithContext(ctx)
		case adaptertest.Compress:
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				zw := gzip.NewWriter(w)
				defer zw.Close()
				w.Header().Set("Content-Encoding", "gzip")
				w = &gzipWriter{w, zw}
			}
		case adaptertest.BodyLogger:
			w = &bodyLogger{ResponseWriter: w}
		}
		next.ServeHTTP(w, r)
	})
}

// gzipWriter is what compressing middlewares put around a writer.
type gzipWriter struct {
	http.ResponseWriter
	zw *gzip.Writer
}

func (g *gzipWriter) Write(p []byte) (int, error) { return g.zw.Write(p) }

func (g *gzipWriter) Flush() {
	g.zw.Flush()
	http.NewResponseController(g.ResponseWriter).Flush()
}

// bodyLogger keeps a copy. It can flush and hides deadlines.
type bodyLogger struct {
	http.ResponseWriter
	log strings.Builder
}

func (b *bodyLogger) Write(p []byte) (int, error) {
	b.log.Write(p)
	return b.ResponseWriter.Write(p)
}

func (b *bodyLogger) Flush() { b.ResponseWriter.(http.Flusher).Flush() }
