// Package bot is the small chat that the examples of each framework mount: an answer that streams, a title
// for the thread, and users who see nothing of each other.
package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/playground"
)

// Accounts are the users and their passwords. A real application has better ones.
var Accounts = map[string]string{"alice": "secret", "bob": "secret"}

type userKey struct{}

// WithUser returns a context for the requests of a user. The application's middleware knows who that is;
// Owner tells the chat.
func WithUser(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, userKey{}, name)
}

// Owner is the chat's Options.Owner. Without a user the request is refused.
func Owner(ctx context.Context) (string, error) {
	name, _ := ctx.Value(userKey{}).(string)
	if name == "" {
		return "", chatkit.ErrUnauthorized
	}
	return name, nil
}

// NewServer returns the chat.
func NewServer() *chatkit.Server {
	return chatkit.NewServer(memstore.New(), Respond, &chatkit.Options{Owner: Owner})
}

// Respond answers word by word. It ends when its context does, because its writes then fail.
func Respond(ctx context.Context, t *chatkit.Turn) error {
	if t.Thread.Title == nil {
		title := "Chat with " + t.Owner()
		if err := t.UpdateThread(func(th *chatkit.Thread) { th.Title = &title }); err != nil {
			return err
		}
	}
	m := t.Message()
	for word := range strings.FieldsSeq("Hello " + t.Owner() + ", this answer arrives word by word.") {
		if _, err := m.WriteString(word + " "); err != nil {
			return err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return m.Close()
}

// Page serves the playground for a server on /chatkit. It may be opened under any host name, because there is a
// login.
func Page(label string) http.Handler {
	return playground.Handler(&playground.Options{Label: label, AllowedHosts: []string{"*"}})
}

// Run announces the address, calls listen with it, and waits for Ctrl-C or a termination. Then it shuts down
// the chat, which ends the answers in progress properly, and after it the web server.
func Run(srv *chatkit.Server, listen func(addr string) error, shutdown func(context.Context) error) {
	addr := cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8080")
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- listen(addr) }()
	fmt.Printf("http://%s/ (alice or bob, password secret)\n", addr)
	select {
	case err := <-ended:
		log.Fatal(err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := errors.Join(srv.Shutdown(ctx), shutdown(ctx)); err != nil {
		log.Fatal(err)
	}
}
