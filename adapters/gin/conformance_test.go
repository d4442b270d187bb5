package ginchatkit_test

import (
	"compress/gzip"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	m.Run()
}

func TestConformance(t *testing.T) {
	adaptertest.Run(t, adaptertest.Factory{
		Family:     adaptertest.NetHTTP,
		Start:      start,
		Middleware: []adaptertest.Middleware{adaptertest.Compress, adaptertest.BodyLogger},
	})
}

func start(tb testing.TB, s adaptertest.Setup) func(context.Context) error {
	engine := gin.New()
	for _, kind := range s.Middleware {
		engine.Use(middleware(kind))
	}
	opts := []ginchatkit.Option{ginchatkit.WithMaxBodyBytes(s.MaxBodyBytes)}
	if s.Context != nil {
		opts = append(opts, ginchatkit.WithContext(func(c *gin.Context) context.Context {
			user, _ := c.Get("user")
			return s.Context(context.WithValue(c.Request.Context(), adaptertest.UserKey{}, user))
		}))
	}
	ginchatkit.Mount(engine, adaptertest.Path, s.Handler, opts...)
	return adaptertest.ServeHTTP(tb, s, engine)
}

func middleware(kind adaptertest.Middleware) gin.HandlerFunc {
	switch kind {
	case adaptertest.Headers:
		return func(c *gin.Context) { c.Header("X-Request-Id", "42") }
	case adaptertest.CORS:
		return func(c *gin.Context) {
			c.Header("Access-Control-Allow-Origin", "*")
			if c.Request.Method == http.MethodOptions {
				c.Header("Access-Control-Allow-Headers", c.GetHeader("Access-Control-Request-Headers"))
				c.AbortWithStatus(http.StatusNoContent)
			}
		}
	case adaptertest.Recover:
		return gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, _ any) { c.AbortWithStatus(http.StatusInternalServerError) })
	case adaptertest.ErrorHandler:
		return func(c *gin.Context) {
			c.Next()
			if len(c.Errors) > 0 {
				c.JSON(http.StatusInternalServerError, gin.H{"error": c.Errors.String()})
			}
		}
	case adaptertest.Values:
		return func(c *gin.Context) {
			c.Set("user", "alice")
			c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), adaptertest.TenantKey{}, "acme"))
		}
	case adaptertest.CancelOnReturn:
		return func(c *gin.Context) {
			ctx, cancel := context.WithCancel(c.Request.Context())
			defer cancel()
			c.Request = c.Request.WithContext(ctx)
			c.Next()
		}
	case adaptertest.Compress:
		return func(c *gin.Context) {
			if !strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
				return
			}
			zw := gzip.NewWriter(c.Writer)
			defer zw.Close()
			c.Header("Content-Encoding", "gzip")
			c.Writer = &gzipWriter{c.Writer, zw}
			c.Next()
		}
	case adaptertest.BodyLogger:
		return func(c *gin.Context) { c.Writer = &bodyLogger{ResponseWriter: c.Writer} }
	}
	panic("unknown middleware " + kind)
}

// gzipWriter is built as gin's compressing middlewares are: around gin's writer, whose interface has no
// Unwrap method.
type gzipWriter struct {
	gin.ResponseWriter
	zw *gzip.Writer
}

func (g *gzipWriter) Write(p []byte) (int, error)       { return g.zw.Write(p) }
func (g *gzipWriter) WriteString(s string) (int, error) { return g.zw.Write([]byte(s)) }

func (g *gzipWriter) Flush() {
	g.zw.Flush()
	g.ResponseWriter.Flush()
}

// bodyLogger keeps a copy of what is written, and hides deadlines.
type bodyLogger struct {
	gin.ResponseWriter
	log strings.Builder
}

func (b *bodyLogger) Write(p []byte) (int, error) {
	b.log.Write(p)
	return b.ResponseWriter.Write(p)
}
