package cookbook

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/widget"
)

func ask(t *testing.T, respond chatkit.RespondFunc) *chatkittest.Transcript {
	t.Helper()
	got := chatkittest.Ask(t, chatkit.NewServer(memstore.New(), respond, nil), "Why?")
	got.AssertOK(t)
	return got
}

func TestGreets(t *testing.T) {
	srv := chatkit.NewServer(memstore.New(), whole, nil)
	chatkittest.Ask(t, srv, "Hello").AssertText(t, "Hello from **Go**.")
}

func TestWhatTheSnippetsSay(t *testing.T) {
	for _, tt := range []struct {
		name    string
		respond chatkit.RespondFunc
		text    string
		items   []string
	}{
		{"streamed", streamed, "You asked: Why? ", []string{"assistant_message"}},
		{"sourced", sourced, "Trains leave every hour.", []string{"assistant_message"}},
		{"passing", passing, "", nil},
		{"titled", titled, "", nil},
		{"said", said, "Why?", []string{"assistant_message"}},
		{"chosen", chosen, "default", []string{"assistant_message"}},
		{"prompted", prompted, "User: Why?\n", []string{"assistant_message"}},
		{"hidden", hidden, "", nil},
		{"worked", worked, "", []string{"workflow"}},
		{"a widget", respond, "", []string{"widget"}},
		{"growing", growing, "", []string{"widget"}},
		{"form", form, "", []string{"structured_input"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(t, tt.respond)
			got.AssertText(t, tt.text)
			got.AssertItems(t, tt.items...)
		})
	}
}

func TestAWidgetGrowsByItsTokens(t *testing.T) {
	got := ask(t, func(_ context.Context, turn *chatkit.Turn) error {
		root := &widget.Card{Children: []widget.Component{&widget.Text{ID: "summary", Value: ""}}}
		return appending(turn, root, slices.Values([]string{"All ", "is well."}))
	})
	if w := chatkittest.LastItem[*chatkit.WidgetItem](t, got); !strings.Contains(string(w.Widget), `"All is well."`) {
		t.Errorf("widget = %s, want the whole text", w.Widget)
	}
}

func TestToolsFormsAndActionsAreAnswered(t *testing.T) {
	chat := chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), asking, nil))
	chat.Send("What time is it?").AssertToolCall(t, "get_time")
	chat.ToolOutput("noon").AssertText(t, `It is "noon".`)

	chat = chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), form, nil))
	item := chatkittest.LastItem[*chatkit.StructuredInputItem](t, chat.Send("A table, please"))
	chat.Answer(item, map[string][]string{"size": {"4"}}).AssertText(t, "A table for 4.")

	chat = chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), respond, acting()))
	sender := chatkittest.LastItem[*chatkit.WidgetItem](t, chat.Send("A seat, please"))
	now := chatkittest.LastItem[*chatkit.WidgetItem](t, chat.Action(sender, "seats.add", payload{Seats: 1}))
	if !strings.Contains(string(now.Widget), "2 seats reserved") {
		t.Errorf("widget = %s, want two seats", now.Widget)
	}
	chat.Action(now, "seats.remove", nil).AssertFailure(t, "There is no such action.")
}

func TestTheHistoryGoesToTheModel(t *testing.T) {
	provider := agenttest.NewServer(agenttest.Say("Hello!"))
	defer provider.Close()
	got := ask(t, remembered(&oaiwire.Client{BaseURL: provider.BaseURL()}))
	got.AssertText(t, "Hello!")
}

func TestAToolWorksInAndOutsideOfATurn(t *testing.T) {
	got := ask(t, func(ctx context.Context, _ *chatkit.Turn) error {
		_, err := findTrains(ctx, "Ulm")
		return err
	})
	got.AssertProgress(t, "Trains to Ulm")
	if trains, err := findTrains(t.Context(), "Ulm"); err != nil || len(trains) != 1 {
		t.Errorf("findTrains() = %q, %v", trains, err)
	}
	chatkittest.Ask(t, ofEvents(memstore.New()), "Hi").AssertProgress(t, "Thinking")
}

func TestErrorsForUsersAndForTheLog(t *testing.T) {
	for message, err := range map[string]error{"Your budget for today is used up.": errQuota, "": errors.New("no route to host")} {
		got := chatkittest.Ask(t, chatkit.NewServer(memstore.New(), chatkittest.Script(chatkittest.Fail(failed(err))), nil), "Hi")
		got.AssertFailure(t, message)
	}
}

type observer chan run.Status

func (o observer) Observe(_ time.Duration, status run.Status) { o <- status }

func TestHooksAreCalled(t *testing.T) {
	ends, good := make(observer, 1), false
	x := &app{
		userOf:  func(context.Context) string { return "alice" },
		whisper: func(context.Context, []byte, string) (string, error) { return "Hello", nil },
		record: func(_ context.Context, owner, _ string, _ []string, positive bool) error {
			good = owner == "alice" && positive
			return nil
		},
		turns: ends,
	}
	srv := chatkit.NewServer(memstore.New(), whole, x.hooks())
	thread := chatkittest.Ask(t, srv, "Hi").ThreadID()
	if status := <-ends; status != run.Completed {
		t.Errorf("status = %s, want %s", status, run.Completed)
	}
	chatkittest.Fetch(t.Context(), t, srv, map[string]any{"type": "items.feedback", "params": map[string]any{
		"thread_id": thread, "item_ids": []string{"msg_1"}, "kind": "positive",
	}}, nil)
	if !good {
		t.Error("the thumb has not arrived")
	}
	var dictated struct{ Text string }
	chatkittest.Fetch(t.Context(), t, srv, map[string]any{"type": "input.transcribe", "params": map[string]any{
		"audio_base64": "QUJD", "mime_type": "audio/webm",
	}}, &dictated)
	if dictated.Text != "Hello" {
		t.Errorf("dictation = %q, want Hello", dictated.Text)
	}
}

func TestRoutesAreMounted(t *testing.T) {
	t.Chdir(t.TempDir())
	mux := http.NewServeMux()
	owner := func(context.Context) (string, error) { return "alice", nil }
	if err := attachments(mux, memstore.New(), []byte(strings.Repeat("x", 32)), owner); err != nil {
		t.Fatal(err)
	}
	other := http.NewServeMux()
	if err := elsewhere(other, chatkit.NewServer(memstore.New(), respond, nil)); err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodOptions, "/chatkit", nil)
	req.Header.Set("Origin", "https://shop.example.com")
	req.Header.Set("Access-Control-Request-Method", "POST")
	res := httptest.NewRecorder()
	other.ServeHTTP(res, req)
	if got := res.Header().Get("Access-Control-Allow-Origin"); got != "https://shop.example.com" {
		t.Errorf("allowed origin = %q, want the shop", got)
	}
	ask(t, func(ctx context.Context, turn *chatkit.Turn) error {
		if input, err := pictures(ctx, turn, nil); err != nil || len(input) > 0 {
			t.Errorf("pictures of a message without any = %s, %v", input, err)
		}
		return nil
	})
}
