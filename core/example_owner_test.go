package chatkit_test

import (
	"context"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// userKey is the application's own key for the name of who is signed in.
type userKey struct{}

// Threads belong to who is signed in. Nobody else finds them.
func ExampleOptions_owner() {
	respond := func(_ context.Context, t *chatkit.Turn) error {
		return t.Text("Hello, " + t.Owner() + ".")
	}
	srv := chatkit.NewServer(memstore.New(), respond, &chatkit.Options{
		Owner: func(ctx context.Context) (string, error) {
			user, ok := ctx.Value(userKey{}).(string)
			if !ok {
				return "", chatkit.ErrUnauthorized
			}
			return user, nil
		},
		NewID: chatkittest.IDs(),
	})

	// What middleware does after it has checked who it is:
	alice := context.WithValue(context.Background(), userKey{}, "Alice")
	bob := context.WithValue(context.Background(), userKey{}, "Bob")

	send(alice, srv, "threads.create", map[string]any{"input": input("Hi")})
	send(bob, srv, "threads.add_user_message", map[string]any{"thread_id": "thr_gen0001", "input": input("Hi")})
	send(context.Background(), srv, "threads.create", map[string]any{"input": input("Hi")})
	// Output:
	// thread.item.done: assistant_message "Hello, Alice."
	// 404 This conversation does not exist.
	// 401 You are not signed in.
}
