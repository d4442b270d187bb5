package pitfalls

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

func TestGinsContextBelongsToTheNextUserAfterwards(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	for name, tt := range map[string]struct {
		mount func(*gin.Engine, *chatkit.Server)
		user  func(context.Context) string
		mixed bool // the turn of alice sees bob
	}{
		"wrong": {mountWithGinsContext, userOfGin, true},
		"right": {mountWithValues, userOf, false},
	} {
		t.Run(name, func(t *testing.T) {
			// Whom gin gives a context to is not certain; that somebody gets it is.
			mixed := false
			for range 100 {
				if mixed = userAfterLeaving(t, tt.mount, tt.user) == "bob"; mixed {
					break
				}
			}
			if mixed != tt.mixed {
				t.Errorf("a turn of alice sees bob: %v, want %v", mixed, tt.mixed)
			}
		})
	}
}

// userAfterLeaving has alice ask and leave, then bob send a request of his own, and returns whose turn alice's
// turn then takes itself for.
func userAfterLeaving(t *testing.T, mount func(*gin.Engine, *chatkit.Server), user func(context.Context) string) string {
	t.Helper()
	asked, answer := make(chan struct{}), make(chan string, 1)
	srv, ends := server(func(ctx context.Context, turn *chatkit.Turn) error {
		if err := turn.Progress("", "Thinking"); err != nil {
			return err
		}
		<-asked
		answer <- user(ctx)
		return nil
	}, chatkit.Options{})

	r := gin.New()
	left := make(chan struct{}, 1)
	r.Use(func(c *gin.Context) {
		c.Set("user", c.GetHeader("X-User"))
		c.Next()
		if c.GetHeader("X-User") == "alice" {
			left <- struct{}{}
		}
	})
	inUse, letGo := make(chan struct{}), make(chan struct{})
	r.GET("/other", func(*gin.Context) {
		inUse <- struct{}{}
		<-letGo
	})
	mount(r, srv)
	web := httptest.NewServer(r)
	defer web.Close()

	alice := client.New(web.URL+"/chatkit", client.WithResume(), client.WithHeader("X-User", "alice"))
	stream, err := alice.CreateThread(t.Context(), client.Text("Hi"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Next(); err != nil {
		t.Fatal(err)
	}
	stream.Close()
	<-left

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/other", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-User", "bob")
	done := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = res.Body.Close()
		}
		done <- err
	}()
	<-inUse
	close(asked)
	got := <-answer
	close(letGo)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	<-ends
	return got
}
