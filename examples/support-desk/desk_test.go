package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/client"
)

// onePixel is a PNG.
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="

func TestNobodySeesWhatIsSomebodyElses(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	alice, bob := s.customer("alice"), s.customer("bob")
	first := alice.ask("", "Show me A-1002")
	_, items := alice.items(first.thread)
	ctx, thread, item := t.Context(), first.thread, items[0].Meta().ID

	foreign := map[string]func() error{
		"read":   func() error { _, err := bob.Thread(ctx, thread); return err },
		"write":  func() error { _, err := bob.Send(ctx, thread, client.Text("Hello")); return err },
		"retry":  func() error { _, err := bob.Retry(ctx, thread, item); return err },
		"rename": func() error { _, err := bob.RenameThread(ctx, thread, "Mine"); return err },
		"act": func() error {
			_, err := bob.CustomAction(ctx, thread, first.cards[0].ID, client.Action{Type: actionConfirm, Payload: choice{"A-1002"}})
			return err
		},
	}
	for name, do := range foreign {
		if err := do(); statusOf(err) != http.StatusNotFound {
			t.Errorf("%s a foreign thread = %v, want 404", name, err)
		}
	}
	if page, err := bob.Threads(ctx, client.Page{}); err != nil || len(page.Data) != 0 {
		t.Errorf("bob's threads = %d, %v, want none", len(page.Data), err)
	}
	// Deleting what one does not have succeeds, and deletes nothing.
	if err := bob.DeleteThread(ctx, thread); err != nil && statusOf(err) != http.StatusNotFound {
		t.Errorf("delete a foreign thread = %v", err)
	}
	if _, err := alice.Thread(ctx, thread); err != nil {
		t.Errorf("alice's thread is gone: %v", err)
	}

	// A foreign order does not exist, neither for a tool nor for a button in a thread of one's own.
	own := bob.ask("", "Cancel A-1002 please")
	if len(own.cards) != 0 || own.said != "There is no such order.\n" {
		t.Errorf("cancel a foreign order: %d cards, said %q", len(own.cards), own.said)
	}
	stream, err := bob.CustomAction(ctx, own.thread, "", client.Action{Type: actionConfirm, Payload: choice{"A-1002"}})
	if got := bob.watch(stream, err); got.trouble != "There is no such order." {
		t.Errorf("confirm a foreign order: %+v", got)
	}
	if got := s.stored("alice", "A-1002").Status; got != preparing {
		t.Errorf("alice's order is %s, want %s", got, preparing)
	}
	if text := body(t, s.get("/", bob.session)); strings.Contains(text, "A-1002") || !strings.Contains(text, "B-2001") {
		t.Error("bob's overview has alice's order, or lacks his own")
	}
}

func TestAToolLooksAnOrderUp(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	got := s.customer("alice").ask("", "Where is A-1003?")
	if len(got.progress) == 0 || len(got.cards) != 1 || !strings.Contains(string(got.cards[0].Widget), "Bookshelf, oak") {
		t.Errorf("progress %q and cards %v, want progress and a card", got.progress, got.cards)
	}
	if want := "Here is order A-1003. Can I do anything about it?\n"; got.said != want {
		t.Errorf("said %q, want %q", got.said, want)
	}
}

func TestAToolChangesAnOrder(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	got := c.ask("", "Deliver A-1002 on Friday")
	if want := "Done. Order A-1002 now arrives on **Friday, 27 November**.\n"; got.said != want {
		t.Errorf("said %q, want %q", got.said, want)
	}
	if got := s.stored("alice", "A-1002").Delivery; got != "2026-11-27" {
		t.Errorf("delivery = %s, want 2026-11-27", got)
	}
	if !slices.Equal(got.effects, []string{"orders.changed"}) {
		t.Errorf("effects = %q, want the page to be told", got.effects)
	}
	for _, tt := range []struct{ say, want string }{
		{"Deliver A-1001 on Friday", "Order A-1001 is delivered, so this is not possible.\n"},
		{"Deliver A-1002 on 2026-11-22", "We deliver from tomorrow on, and within thirty days.\n"},
		{"Deliver A-1002 on 2027-11-22", "We deliver from tomorrow on, and within thirty days.\n"},
		{"Deliver A-1002 on 2026-99-99", "The day has to be written like 2026-01-31.\n"},
	} {
		if got := c.ask(got.thread, tt.say); got.said != tt.want || len(got.cards) != 0 {
			t.Errorf("%s: said %q with %d cards, want %q", tt.say, got.said, len(got.cards), tt.want)
		}
	}
}

func TestACancellationIsApprovedInTheCardAndSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir, settings{})
	c := s.customer("alice")
	asked := c.ask("", "Please cancel A-1002")
	if got := s.stored("alice", "A-1002").Status; got != preparing {
		t.Fatalf("the order is %s before anybody approved", got)
	}
	kept := c.press(asked.thread, asked.cards[0], "Keep the order")
	card := only(t, kept, asked.cards[0])
	again := only(t, c.press(asked.thread, card, "Cancel order"), card)
	s.stop()

	s = start(t, dir, settings{}) // the approval waits in the database, and the session does, too
	c = s.back(c.session)
	done := c.press(asked.thread, again, "Yes, cancel it")
	card = only(t, done, again)
	if text := string(card.Widget); !strings.Contains(text, "Cancelled") || strings.Contains(text, "Button") {
		t.Errorf("the card is %s, want a cancelled order without buttons", text)
	}
	if want := "Order A-1002 is cancelled. **59.00 €** are on their way back to you.\n"; done.said != want {
		t.Errorf("said %q, want %q", done.said, want)
	}
	if got := c.press(asked.thread, again, "Yes, cancel it"); got.said != "" || got.trouble != "" {
		t.Errorf("a second press says %q %q, want nothing", got.said, got.trouble)
	}
	s.stop()

	s = start(t, dir, settings{})
	c = s.back(c.session)
	if got := s.stored("alice", "A-1002").Status; got != cancelled {
		t.Errorf("after a restart the order is %s, want %s", got, cancelled)
	}
	kinds, items := c.items(asked.thread)
	if want := []string{"user_message", "widget", "assistant_message", "assistant_message"}; !slices.Equal(kinds, want) {
		t.Errorf("items = %q, want %q", kinds, want)
	}
	if w := items[1].(*chatkit.WidgetItem); w.ID != again.ID || !strings.Contains(string(w.Widget), "Cancelled") {
		t.Errorf("the stored card is %s, want the changed one in its place", w.Widget)
	}
}

// only returns the one card that a turn has replaced, and checks that it is the given one.
func only(t *testing.T, got talk, before *chatkit.WidgetItem) *chatkit.WidgetItem {
	t.Helper()
	if len(got.replaced) != 1 || len(got.cards) != 0 || got.replaced[0].ID != before.ID {
		t.Fatalf("%d cards replaced and %d new ones, want one in its place (%s)", len(got.replaced), len(got.cards), got.trouble)
	}
	return got.replaced[0]
}

func TestAnOldButtonDoesNoHarm(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	asked := c.ask("", "Please cancel A-1002")
	if _, err := s.app.db.ExecContext(t.Context(), `UPDATE desk_orders SET status = ? WHERE id = 'A-1002'`, underway); err != nil {
		t.Fatal(err)
	}
	got := c.press(asked.thread, asked.cards[0], "Yes, cancel it")
	if got.trouble != "Order A-1002 is on its way, so this is not possible." || !strings.Contains(string(only(t, got, asked.cards[0]).Widget), "On its way") {
		t.Errorf("trouble = %q, want a refusal and the card as it is now", got.trouble)
	}
	for _, a := range []client.Action{
		{Type: "order.give_away", Payload: choice{"A-1002"}},
		{Type: actionConfirm, Payload: nil},
		{Type: actionConfirm, Payload: map[string]any{"order": 1}},
		{Type: actionConfirm, Payload: choice{"Z-0000"}},
	} {
		stream, err := c.CustomAction(t.Context(), asked.thread, "", a)
		if got := c.watch(stream, err); got.trouble == "" || got.said != "" {
			t.Errorf("action %s %v: %+v, want an error", a.Type, a.Payload, got)
		}
	}
}

// upload sends a file in two phases, as the page does, and returns its id, or the status of the refusal.
func (c *customer) upload(s *site, name, kind string, data []byte) (id string, status int) {
	c.t.Helper()
	a, err := c.CreateAttachment(c.t.Context(), name, kind, int64(len(data)))
	if err != nil {
		return "", statusOf(err)
	}
	up := a.Meta().UploadDescriptor
	r, err := http.NewRequestWithContext(c.t.Context(), up.Method, up.URL, bytes.NewReader(data))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, value := range up.Headers {
		r.Header.Set(name, value)
	}
	if res := s.do(r, c.session); res.StatusCode >= 300 {
		return "", res.StatusCode
	}
	return a.Meta().ID, 0
}

func TestAPhotoReachesTheModelAndTheOrder(t *testing.T) {
	pixel, err := base64.StdEncoding.DecodeString(onePixel)
	if err != nil {
		t.Fatal(err)
	}
	model := agenttest.NewModel(
		agenttest.Answer{Calls: []agent.ToolCall{{Name: "report_damage", Arguments: `{"order":"A-1001","damage":"The shade is red."}`}}},
		agenttest.Answer{Text: "A new lamp comes."},
		agenttest.Answer{Text: "Broken lamp"},
	)
	s := start(t, t.TempDir(), settings{model: model})
	c := s.customer("alice")
	id, refused := c.upload(s, "lamp.png", "image/png", pixel)
	if refused != 0 {
		t.Fatalf("upload = %d", refused)
	}
	got := c.ask("", "My lamp A-1001 arrived like this", id)
	if !slices.Equal(got.tasks, []string{"Looking for your photo", "Ordering a replacement"}) || got.said != "A new lamp comes.\n" {
		t.Errorf("tasks %q, said %q", got.tasks, got.said)
	}
	input, err := json.Marshal(model.Requests()[0].Input)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(input), "data:image/png;base64,"+onePixel) {
		t.Errorf("the model got %s, want the photo", input)
	}
	if o := s.stored("alice", "A-1001"); o.Status != replacing || o.Photo != id || o.Delivery != "2026-11-24" {
		t.Errorf("order = %+v, want a replacement with the photo %s", o, id)
	}

	_, items := c.items(got.thread)
	shown := items[0].(*chatkit.UserMessageItem).Attachments[0].(*chatkit.ImageAttachment)
	for what, link := range map[string]string{"message": shown.PreviewURL, "overview": photoOf(body(t, s.get("/", c.session)))} {
		path, ok := strings.CutPrefix(link, s.url)
		if res := s.get(path, ""); !ok || body(t, res) != string(pixel) || res.Header.Get("Content-Type") != "image/png" {
			t.Errorf("the photo in the %s at %q = %d %s", what, link, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

// photoOf finds the link to the photo in the overview.
func photoOf(html string) string {
	_, rest, _ := strings.Cut(html, `class="photo" href="`)
	link, _, _ := strings.Cut(rest, `"`)
	return strings.ReplaceAll(link, "&amp;", "&")
}

func TestFilesThatAreNotWelcomeAreRefused(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	alice, bob := s.customer("alice"), s.customer("bob")
	for _, tt := range []struct {
		name, kind string
		data       []byte
		status     int
	}{
		{"x.svg", "image/svg+xml", []byte("<svg/>"), http.StatusBadRequest},
		{"x.html", "text/html", []byte("<p>"), http.StatusBadRequest},
		{"x.png", "image/png", []byte("<script>alert(1)</script>"), http.StatusUnsupportedMediaType},
		{"big.png", "image/png", make([]byte, 8<<20+1), http.StatusBadRequest},
	} {
		if id, status := alice.upload(s, tt.name, tt.kind, tt.data); id != "" || status != tt.status {
			t.Errorf("%s as %s = %q %d, want %d", tt.name, tt.kind, id, status, tt.status)
		}
	}
	id, refused := alice.upload(s, "note.txt", "text/plain", []byte("It is broken."))
	if refused != 0 {
		t.Fatalf("a text = %d, want it accepted", refused)
	}
	in := client.Text("Look")
	in.Attachments = []string{id}
	if _, err := bob.CreateThread(t.Context(), in); statusOf(err) != http.StatusNotFound {
		t.Errorf("a foreign attachment = %v, want 404", err)
	}
	if got := alice.ask("", "Something is broken", id); got.said == "" || got.trouble != "" {
		t.Errorf("a text in a message: %+v", got)
	}
}

func TestADirectUploadNeedsTheLogin(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	form := func() (string, io.Reader) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("file", "note.txt")
		if err == nil {
			_, err = part.Write([]byte("It is broken."))
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return w.FormDataContentType(), &b
	}
	kind, data := form()
	if res := s.post("/files", "", kind, data); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a login = %d, want 401", res.StatusCode)
	}
	kind, data = form()
	if res := s.post("/files", s.customer("alice").session, kind, data); res.StatusCode != http.StatusOK {
		t.Errorf("with a login = %d %s, want 200", res.StatusCode, body(t, res))
	}
}

func TestTheTitleIsSetOnce(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	first := c.ask("", "Please cancel A-1002")
	if want := []string{"Cancellation about A-1002"}; !slices.Equal(first.titles, want) {
		t.Errorf("titles of the first turn = %q, want %q", first.titles, want)
	}
	if second := c.ask(first.thread, "Show me my orders"); len(second.titles) != 0 {
		t.Errorf("titles of the second turn = %q, want none", second.titles)
	}

	renamed := c.ask("", "Show me my orders")
	if _, err := c.RenameThread(t.Context(), renamed.thread, "Mine"); err != nil {
		t.Fatal(err)
	}
	c.ask(renamed.thread, "Please cancel A-1002")
	if th, err := c.Thread(t.Context(), renamed.thread); err != nil || th.Title == nil || *th.Title != "Mine" {
		t.Errorf("the title = %v, %v, want the customer's own", th.Title, err)
	}
}

func TestWithoutATitleFromTheModelThereIsOneAllTheSame(t *testing.T) {
	s := start(t, t.TempDir(), settings{model: agenttest.NewModel(agenttest.Answer{Text: "Hello."})})
	got := s.customer("alice").ask("", "Do you   sell\nteapots?")
	if got.trouble != "" || !slices.Equal(got.titles, []string{"Do you sell teapots?"}) {
		t.Errorf("titles %q, trouble %q, want the question as a title", got.titles, got.trouble)
	}
}

func TestTheModelIsAskedForATitleOnce(t *testing.T) {
	model := agenttest.NewModel(agenttest.Answer{Text: "Hello."}, agenttest.Answer{Text: "Greetings"}, agenttest.Answer{Text: "Hello again."})
	c := start(t, t.TempDir(), settings{model: model}).customer("alice")
	first := c.ask("", "Hello")
	if got := c.ask(first.thread, "Hello"); got.said != "Hello again.\n" || len(model.Requests()) != 3 {
		t.Errorf("said %q after %d requests, want 3", got.said, len(model.Requests()))
	}
}

func TestAThumbIsStoredAndCanTurn(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	alice, bob := s.customer("alice"), s.customer("bob")
	got := alice.ask("", "Hello")
	_, items := alice.items(got.thread)
	answer := items[len(items)-1].Meta().ID
	for _, c := range []*customer{alice, bob} {
		for _, up := range []bool{true, false} {
			if err := c.Feedback(t.Context(), got.thread, up, answer, "msg_made_up"); err != nil && c == alice {
				t.Fatal(err)
			}
		}
	}
	var all string
	err := s.app.db.QueryRowContext(t.Context(),
		`SELECT group_concat(owner || ' ' || item_id || ' ' || kind) FROM desk_ratings`).Scan(&all)
	if want := "alice " + answer + " negative"; err != nil || all != want {
		t.Errorf("ratings = %q, %v, want %q", all, err, want)
	}
}

func TestAShutdownStoresWhatWasSaid(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir, settings{model: &clerk{now: today, pause: 300 * time.Millisecond}})
	c := s.customer("alice")
	stream, err := c.CreateThread(t.Context(), client.Text("Hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var thread, said string
	ended := false
	for e, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		switch e := e.Event.(type) {
		case *chatkit.ThreadCreatedEvent:
			thread = e.Thread.ID
		case *chatkit.ThreadItemUpdatedEvent:
			if delta, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
				said += delta.Delta
			}
		default: // of no interest here
		}
		if strings.Contains(said, "Hello, this is") && !ended {
			ended = true
			s.stop()
		}
	}
	s = start(t, dir, settings{})
	_, items := s.back(c.session).items(thread)
	kept, ok := items[len(items)-1].(*chatkit.AssistantMessageItem)
	if !ok || !strings.HasPrefix(kept.Text(), "Hello, this is") || strings.HasSuffix(kept.Text(), "my orders.”") {
		t.Fatalf("the last item is %#v, want the beginning of the answer", items[len(items)-1])
	}
}

func TestAModelAnswersWhereOneIsConfigured(t *testing.T) {
	provider := agenttest.NewServer(
		agenttest.Script{Answer: &agenttest.Answer{Calls: []agent.ToolCall{{CallID: "call_1", Name: "show_order", Arguments: `{"order":"A-1002"}`}}}},
		agenttest.Say("Here it is."), agenttest.Say("Kettle"),
	)
	defer provider.Close()
	t.Setenv("OPENAI_API_KEY", "test")
	t.Setenv("OPENAI_BASE_URL", provider.BaseURL())
	t.Setenv("OPENAI_MODEL", "gpt-test")
	model, who := chooseModel(0)
	if who != "gpt-test" {
		t.Errorf("who = %q, want the model's name", who)
	}
	got := start(t, t.TempDir(), settings{model: model}).customer("alice").ask("", "Where is my kettle?")
	if got.said != "Here it is.\n" || len(got.cards) != 1 || !slices.Equal(got.titles, []string{"Kettle"}) {
		t.Errorf("said %q, %d cards, titles %q", got.said, len(got.cards), got.titles)
	}
	requests := provider.Requests()
	if len(requests) != 3 {
		t.Fatalf("the provider was asked %d times, want 3", len(requests))
	}
	for _, part := range []string{`"model":"gpt-test"`, `You talk to alice`, `Sunday, 2026-11-22`, `"name":"cancel_order"`, `function_call_output`, `Kettle, 1.7 litres`} {
		if !strings.Contains(string(requests[1].Body), part) {
			t.Errorf("the second request lacks %s: %s", part, requests[1].Body)
		}
	}
}

func TestTheClerkAsksForWhatIsMissing(t *testing.T) {
	pixel, err := base64.StdEncoding.DecodeString(onePixel)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	first := c.ask("", "My lamp arrived broken")
	if want := "Please attach a **photo**"; !strings.Contains(first.said, want) {
		t.Errorf("without a photo: said %q, want %q", first.said, want)
	}
	id, _ := c.upload(s, "lamp.png", "image/png", pixel)
	if got := c.ask(first.thread, "", id); !strings.Contains(got.said, askOrder) {
		t.Errorf("without an order: said %q, want %q", got.said, askOrder)
	}
	if got := c.ask(first.thread, "A-1001"); !strings.Contains(got.said, "A **replacement** arrives on **Tuesday, 24 November**") {
		t.Errorf("with both: said %q", got.said)
	}
	if got := c.ask("", "Please cancel my order"); len(got.cards) != 1 || !strings.Contains(got.said, "These are your orders") {
		t.Errorf("which order: said %q", got.said)
	}
}
