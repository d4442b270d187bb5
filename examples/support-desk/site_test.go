package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

func TestMain(m *testing.M) {
	rounds = 1000
	m.Run()
}

// today is a Sunday.
func today() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// A site is the running application.
type site struct {
	t    *testing.T
	app  *app
	url  string
	stop func()
}

// start runs the application on the files of a folder, with a clerk where no model is given. A folder can be started
// again once it was stopped.
func start(t *testing.T, dir string, s settings) *site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.model == nil {
		s.model = &clerk{now: today}
	}
	if s.now == nil {
		s.now = today
	}
	s.url, s.db, s.uploads = "http://"+listener.Addr().String(), filepath.Join(dir, "desk.db"), filepath.Join(dir, "uploads")
	a, err := open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	web := server(a.handler)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		// The turns in progress may go on for a part of this time.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Second)
		defer cancel()
		if err := a.chat.Shutdown(ctx); err != nil {
			t.Errorf("shutdown of the chat: %v", err)
		}
		waiting, done := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer done()
		if err := web.Shutdown(waiting); err != nil {
			t.Errorf("shutdown of the server: %v", err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("the server ended with %v", err)
		}
		if err := a.close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	t.Cleanup(stop)
	return &site{t, a, s.url, stop}
}

// post sends a form or anything else, and follows no redirect.
func (s *site) post(path, session, contentType string, body io.Reader) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	return s.do(r, session)
}

func (s *site) get(path, session string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(r, session)
}

// do sends a request with a session's cookie, and reads the answer so that its body can be read again.
func (s *site) do(r *http.Request, session string) *http.Response {
	s.t.Helper()
	if session != "" {
		r.Header.Set("Cookie", session)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// enter logs in and returns the session's cookie, or "" if that was refused.
func (s *site) enter(name, password string) (session string, res *http.Response) {
	s.t.Helper()
	form := url.Values{"name": {name}, "password": {password}}.Encode()
	res = s.post("/login", "", "application/x-www-form-urlencoded", strings.NewReader(form))
	for _, c := range res.Cookies() {
		session = c.Name + "=" + c.Value
	}
	return session, res
}

// A customer is somebody who has logged in.
type customer struct {
	*client.Client
	t       *testing.T
	session string
}

func (s *site) customer(name string) *customer {
	s.t.Helper()
	session, res := s.enter(name, "secret")
	if session == "" {
		s.t.Fatalf("login of %s = %s", name, res.Status)
	}
	return s.back(session)
}

// back is a customer with a session of before.
func (s *site) back(session string) *customer {
	return &customer{client.New(s.url+"/chatkit", client.WithHeader("Cookie", session)), s.t, session}
}

// A talk is what a turn showed.
type talk struct {
	thread   string
	said     string // the texts of all messages, a line each
	trouble  string // the text of an error
	cards    []*chatkit.WidgetItem
	replaced []*chatkit.WidgetItem
	tasks    []string
	progress []string
	effects  []string
	titles   []string
}

// ask says something in a thread, or in a new one if thread is empty.
func (c *customer) ask(thread, text string, attachments ...string) talk {
	c.t.Helper()
	in := client.Text(text)
	in.Attachments = attachments
	if thread == "" {
		return c.watch(c.CreateThread(c.t.Context(), in))
	}
	return c.watch(c.Send(c.t.Context(), thread, in))
}

// press presses a button of a card.
func (c *customer) press(thread string, card *chatkit.WidgetItem, label string) talk {
	c.t.Helper()
	var tree any
	if err := json.Unmarshal(card.Widget, &tree); err != nil {
		c.t.Fatal(err)
	}
	action, ok := actionOf(tree, label)
	if !ok {
		c.t.Fatalf("the card has no button %q: %s", label, card.Widget)
	}
	return c.watch(c.CustomAction(c.t.Context(), thread, card.ID, action))
}

// actionOf finds the action of the first button with a label.
func actionOf(v any, label string) (client.Action, bool) {
	switch v := v.(type) {
	case map[string]any:
		if v["type"] == "Button" && v["label"] == label {
			action := v["onClickAction"].(map[string]any)
			return client.Action{Type: action["type"].(string), Payload: action["payload"]}, true
		}
		return actionOf(v["children"], label)
	case []any:
		for _, child := range v {
			if a, ok := actionOf(child, label); ok {
				return a, true
			}
		}
	}
	return client.Action{}, false
}

// watch reads a turn to its end.
func (c *customer) watch(stream *client.Stream, err error) (all talk) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer stream.Close()
	for e, err := range stream.Events() {
		if err != nil {
			c.t.Fatal(err)
		}
		all.see(e.Event)
	}
	return all
}

func (all *talk) see(e chatkit.Event) {
	switch e := e.(type) {
	case *chatkit.ThreadCreatedEvent:
		all.thread = e.Thread.ID
	case *chatkit.ThreadUpdatedEvent:
		if e.Thread.Title != nil {
			all.titles = append(all.titles, *e.Thread.Title)
		}
	case *chatkit.ErrorEvent:
		all.trouble = e.Message
	case *chatkit.ProgressUpdateEvent:
		all.progress = append(all.progress, e.Text)
	case *chatkit.ClientEffectEvent:
		all.effects = append(all.effects, e.Name)
	case *chatkit.ThreadItemReplacedEvent:
		if w, ok := e.Item.(*chatkit.WidgetItem); ok {
			all.replaced = append(all.replaced, w)
		}
	case *chatkit.ThreadItemDoneEvent:
		switch it := e.Item.(type) {
		case *chatkit.AssistantMessageItem:
			all.said += it.Text() + "\n"
		case *chatkit.WidgetItem:
			all.cards = append(all.cards, it)
		case *chatkit.WorkflowItem:
			for _, task := range it.Workflow.Tasks {
				if task, ok := task.(*chatkit.CustomTask); ok {
					all.tasks = append(all.tasks, task.Title)
				}
			}
		default: // of no interest here
		}
	default: // likewise
	}
}

// stored is an order as the database has it.
func (s *site) stored(owner, id string) order {
	s.t.Helper()
	o, err := (&orders{s.app.db, today, ""}).find(s.t.Context(), owner, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// items are the types of a thread's items, as its owner sees them.
func (c *customer) items(thread string) (kinds []string, all []chatkit.Item) {
	c.t.Helper()
	page, err := c.Items(c.t.Context(), thread, client.Page{Order: "asc", Limit: 100})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, it := range page.Data {
		kinds = append(kinds, it.ItemType())
	}
	return kinds, page.Data
}

// statusOf is the HTTP status with which a request was refused, 0 if it was not.
func statusOf(err error) int {
	var refused *client.StatusError
	if errors.As(err, &refused) {
		return refused.Status
	}
	return 0
}
