package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
)

var errNobody = errors.New("no such session")

// users are sessions, and tokens, by what the client sends.
type users map[string]User

func (u users) User(_ context.Context, id string) (User, error) { return u.verify(id) }

func (u users) verify(id string) (User, error) {
	user, ok := u[id]
	if !ok {
		return user, errNobody
	}
	return user, nil
}

var known = users{
	"s1": {ID: "alice", Team: "sales"},
	"s2": {ID: "bob", Team: "sales"},
	"s3": {ID: "mallory", Team: "none", Blocked: true},
}

func as(t *testing.T, chat *chatkittest.Chat, session string) {
	chat.Context = context.WithValue(t.Context(), userKey{}, known[session])
}

// create starts a thread over HTTP and returns its id and the answer, or the status of the refusal.
func create(t *testing.T, url string, opts ...client.Option) (id, text string, status int) {
	t.Helper()
	stream, err := client.New(url, opts...).CreateThread(t.Context(), client.Text("Hi"))
	var refused *client.StatusError
	if errors.As(err, &refused) {
		return "", "", refused.Status
	}
	if err != nil {
		t.Fatal(err)
	}
	got := &chatkittest.Transcript{}
	for e, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		got.Events = append(got.Events, e.Event)
	}
	return got.ThreadID(), got.Text(), http.StatusOK
}

func TestASessionOpensTheChat(t *testing.T) {
	mux := http.NewServeMux()
	Mount(mux, known, memstore.New())
	web := httptest.NewServer(mux)
	defer web.Close()
	for _, tt := range []struct {
		cookie string
		status int
		text   string
	}{
		{"session=s1", 200, "Hello alice of sales."},
		{"session=s3", 403, ""},
		{"session=other", 401, ""},
		{"", 401, ""},
	} {
		_, text, status := create(t, web.URL+"/chatkit", client.WithHeader("Cookie", tt.cookie))
		if status != tt.status || text != tt.text {
			t.Errorf("with %q: %d %q, want %d %q", tt.cookie, status, text, tt.status, tt.text)
		}
	}
}

func TestATokenOpensTheChat(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), Respond, &chatkit.Options{Owner: Owner})
	web := httptest.NewServer(WithToken(known.verify, nethttpchatkit.Handler(srv)))
	defer web.Close()
	for header, want := range map[string]int{"Bearer s1": 200, "Bearer other": 401, "s1": 401, "": 401} {
		if _, _, status := create(t, web.URL, client.WithHeader("Authorization", header)); status != want {
			t.Errorf("with %q: %d, want %d", header, status, want)
		}
	}
}

func TestAVisitorComesBackToTheirThreadsAndNobodyElseDoes(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), Respond, &chatkit.Options{Owner: Owner})
	web := httptest.NewTLSServer(WithVisitor(nethttpchatkit.Handler(srv)))
	defer web.Close()
	visitor := func() client.Option {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		return client.WithHTTPClient(&http.Client{Transport: web.Client().Transport, Jar: jar})
	}
	first, second := visitor(), visitor()
	id, _, _ := create(t, web.URL, first)
	if _, err := client.New(web.URL, first).Thread(t.Context(), id); err != nil {
		t.Errorf("the visitor's own thread: %v, want none", err)
	}
	var refused *client.StatusError
	if _, err := client.New(web.URL, second).Thread(t.Context(), id); !errors.As(err, &refused) || refused.Status != 404 {
		t.Errorf("another visitor's thread: %v, want 404", err)
	}
}

func TestUsersSeeNothingOfEachOther(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), Respond, &chatkit.Options{Owner: Owner})
	chat := chatkittest.NewChat(t, srv)
	as(t, chat, "s1")
	chat.Send("Hi").AssertText(t, "Hello alice of sales.")
	as(t, chat, "s2")
	if status, message := chat.Refused("Hi"); status != 404 || message != "This conversation does not exist." {
		t.Errorf("bob in a thread of alice: %d %q, want 404", status, message)
	}
}

func TestATeamSharesItsThreads(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), Respond, &chatkit.Options{Owner: TeamOwner})
	chat := chatkittest.NewChat(t, srv)
	as(t, chat, "s1")
	chat.Send("Hi").AssertText(t, "Hello team:sales of sales.")
	as(t, chat, "s2")
	chat.Send("Hi, too").AssertText(t, "Hello team:sales of sales.")
}

func TestOnlyAnAdminEndsTheTurnOfATeam(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), chatkittest.Script(chatkittest.AwaitEnd()), &chatkit.Options{
		Owner: TeamOwner, Authorize: Watch(func(u User) bool { return u.ID == "alice" }),
	})
	chat := chatkittest.NewChat(t, srv)
	as(t, chat, "s1")
	live := chat.Begin("Hi")
	bob := context.WithValue(t.Context(), userKey{}, known["s2"])
	cancel := map[string]any{"type": "runs.cancel", "params": map[string]any{"thread_id": chat.ThreadID, "wait": true}}
	chatkittest.Fetch(bob, t, srv, cancel, nil)
	if !chat.Busy() {
		t.Error("bob ended the turn, want only alice to")
	}
	live.Stop()
}

func TestAForgottenUserHasNothingLeft(t *testing.T) {
	store := memstore.New()
	srv := chatkit.NewServer(store, Respond, &chatkit.Options{Owner: Owner})
	for range 3 {
		chat := chatkittest.NewChat(t, srv)
		as(t, chat, "s1")
		chat.Send("Hi")
	}
	if err := Forget(t.Context(), store, "alice"); err != nil {
		t.Fatal(err)
	}
	page, err := store.Threads(t.Context(), "alice", chatkit.PageQuery{Limit: 10})
	if err != nil || len(page.Data) != 0 {
		t.Errorf("threads left = %d, %v, want none", len(page.Data), err)
	}
}
