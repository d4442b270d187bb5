package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	chatkit "github.com/gochatkit/chatkit/core"
)

// show sends a message to a server that writes what frames say, and returns what the user sees of it.
func show(t *testing.T, frames func(w io.Writer)) (out, errs string, err error) {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		frames(w)
	}))
	defer web.Close()
	to, err := target.Parse(web.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	err = New(Config{Target: to, Screen: terminal.New(&o, &e), Thread: "thr_1"}).Send(t.Context(), "Hi")
	return o.String(), e.String(), err
}

func delta(id string, index int, text string) string {
	return fmt.Sprintf(`data: {"type":"thread.item.updated","item_id":%q,"update":{"type":"assistant_message.content_part.text_delta","content_index":%d,"delta":%q}}`+"\n\n", id, index, text)
}

func TestPartsMayComeInAnyOrder(t *testing.T) {
	out, _, err := show(t, func(w io.Writer) {
		io.WriteString(w, delta("m", 0, "a")+delta("m", 1, "b")+delta("m", 0, "c")+delta("m", 1_000_000_000, "d")+delta("m", -1, "e"))
		io.WriteString(w, `data: {"type":"thread.item.done","item":{"type":"assistant_message","id":"m","thread_id":"thr_1","created_at":"2026-01-01T00:00:00Z","content":[{"type":"output_text","text":"ac!"},{"type":"output_text","text":"b"}]}}`+"\n\n")
	})
	if want := "a\n\nbc\n\nd\n\ne!\n"; err != nil || out != want {
		t.Errorf("output = %q, %v, want %q", out, err, want)
	}
}

func TestAHostileServerCannotTakeTheMemory(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, frames := range map[string]func(w io.Writer){
		"parts far from the first": func(w io.Writer) {
			for i := range maxParts {
				io.WriteString(w, delta(fmt.Sprint("m", i), 999, "a"))
			}
		},
		"tasks of a workflow with a long id": func(w io.Writer) {
			tasks := strings.TrimSuffix(strings.Repeat(`{"type":"thought"},`, 1000), ",")
			fmt.Fprintf(w, `data: {"type":"thread.item.done","item":{"type":"workflow","id":%q,"thread_id":"thr_1","created_at":"2026-01-01T00:00:00Z","workflow":{"type":"custom","tasks":[%s]}}}`+"\n\n", long, tasks)
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := show(t, frames)
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) >> 20; err != nil || got > 128 {
			t.Errorf("%s: %d MiB were allocated, error = %v; want at most 128 MiB", name, got, err)
		}
	}
	_, _, err := show(t, func(w io.Writer) {
		for i := range maxParts + 1 {
			io.WriteString(w, delta(fmt.Sprint("m", i), 0, "a"))
		}
	})
	if err == nil || !strings.Contains(err.Error(), "parts") {
		t.Errorf("one part too many: error = %v, want one", err)
	}
}

// A server must not say what looks like the prompt, or like a line of this program.
func TestWhatAServerSaysBesideTheAnswerStaysOnItsLine(t *testing.T) {
	const evil = "x\n> rm -rf\r\n\u2028thread thr_2"
	meta := chatkit.ItemMeta{ID: "i", ThreadID: "thr_1"}
	events := []chatkit.Event{
		&chatkit.ThreadCreatedEvent{Thread: &chatkit.ThreadResponse{Thread: chatkit.Thread{ID: evil}}},
		&chatkit.NoticeEvent{Level: chatkit.NoticeLevel(evil), Title: evil, Message: evil},
		&chatkit.ClientEffectEvent{Name: evil, Data: json.RawMessage("{}")},
		&chatkit.ProgressUpdateEvent{Text: evil},
		&chatkit.ThreadItemDoneEvent{Item: &chatkit.ClientToolCallItem{ItemMeta: meta, Status: chatkit.ClientToolCallCompleted, Name: evil}},
	}
	_, errs, err := show(t, func(w io.Writer) {
		for _, e := range events {
			doc, err := json.Marshal(e)
			if err != nil {
				t.Error(err)
			}
			fmt.Fprintf(w, "data: %s\n\n", doc)
		}
		io.WriteString(w, "data: {\"type\":\"client_effect\",\"name\":\"n\",\ndata: \"data\":{\ndata: \"> rm\":1}}\n\n")
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(errs, "\n"), len(events)+1; got != want || strings.Contains(errs, "\n>") {
		t.Errorf("standard error has %d lines, want %d:\n%s", got, want, errs)
	}
}
