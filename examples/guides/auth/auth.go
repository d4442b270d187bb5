// Package auth shows how a chat learns whose it is: from a session, from a token, for teams, and for
// visitors without an account. The guide is docs/auth.md.
package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
)

type userKey struct{}

// A User is who has signed in.
type User struct {
	ID, Team string
	Blocked  bool
}

// Owner tells the chat whose data a request works on.
func Owner(ctx context.Context) (string, error) {
	user, ok := ctx.Value(userKey{}).(User)
	if !ok {
		return "", chatkit.ErrUnauthorized // 401
	}
	if user.Blocked {
		return "", chatkit.ErrForbidden // 403
	}
	return user.ID, nil
}

// TeamOwner lets all of a team see its threads.
func TeamOwner(ctx context.Context) (string, error) {
	user, ok := ctx.Value(userKey{}).(User)
	if !ok || user.Team == "" {
		return "", chatkit.ErrUnauthorized
	}
	return "team:" + user.Team, nil
}

// Sessions knows who has signed in.
type Sessions interface {
	// User returns the user of a session, an error if there is no such session.
	User(ctx context.Context, id string) (User, error)
}

// WithSession reads the session cookie. A request without one goes on: the chat refuses it.
func WithSession(sessions Sessions, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("session")
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		user, err := sessions.User(r.Context(), cookie.Value)
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, user)))
	})
}

// WithToken reads a bearer token, which the page sends along.
func WithToken(verify func(token string) (User, error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if user, err := verify(token); ok && err == nil {
			r = r.WithContext(context.WithValue(r.Context(), userKey{}, user))
		}
		next.ServeHTTP(w, r)
	})
}

// WithVisitor gives everybody without a cookie a new one: a name that cannot be guessed.
func WithVisitor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("visitor")
		if err != nil || len(cookie.Value) != 26 {
			cookie = &http.Cookie{
				Name: "visitor", Value: rand.Text(), Path: "/", MaxAge: 30 * 24 * 3600,
				HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
			}
			http.SetCookie(w, cookie)
		}
		user := User{ID: "visitor:" + cookie.Value}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, user)))
	})
}

// Mount puts the pieces together.
func Mount(mux *http.ServeMux, sessions Sessions, store chatkit.Store) *chatkit.Server {
	srv := chatkit.NewServer(store, Respond, &chatkit.Options{Owner: Owner})
	mux.Handle("/chatkit", WithSession(sessions, nethttpchatkit.Handler(srv)))
	return srv
}

// Respond knows the user in two ways.
func Respond(ctx context.Context, t *chatkit.Turn) error {
	user, _ := ctx.Value(userKey{}).(User) // all that the middleware knows
	return t.Text("Hello " + t.Owner() + " of " + user.Team + ".")
}

// Watch lets only admins follow or end the turns of a team.
func Watch(isAdmin func(User) bool) func(ctx context.Context, a chatkit.Access) error {
	return func(ctx context.Context, a chatkit.Access) error {
		user, _ := ctx.Value(userKey{}).(User)
		if a.Verb == chatkit.VerbCancel && !isAdmin(user) {
			return chatkit.ErrForbidden
		}
		return nil
	}
}

// Forget deletes everything that belongs to a user.
func Forget(ctx context.Context, store chatkit.Store, owner string) error {
	for {
		page, err := store.Threads(ctx, owner, chatkit.PageQuery{Limit: 100})
		if err != nil {
			return err
		}
		if len(page.Data) == 0 {
			return nil
		}
		for _, th := range page.Data {
			if err := store.DeleteThread(ctx, owner, th.ID); err != nil && !errors.Is(err, chatkit.ErrNotFound) {
				return err
			}
		}
	}
}
