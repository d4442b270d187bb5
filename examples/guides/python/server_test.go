package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// TestTheGoServerAnswersAsThePythonServerDid compares the events of a conversation with those that server.py
// has printed, which are in testdata: python server.py > testdata/python.txt
func TestTheGoServerAnswersAsThePythonServerDid(t *testing.T) {
	recorded, err := os.ReadFile("testdata/python.txt")
	if err != nil {
		t.Fatal(err)
	}
	chat := chatkittest.NewChat(t, chatkit.NewServer(memstore.New(), Respond, Options(nil)))
	var got strings.Builder
	note := func(kind string, tr *chatkittest.Transcript) *chatkittest.Transcript {
		fmt.Fprintln(&got, ">", kind)
		for _, e := range tr.Events {
			data, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "%s\n", data)
		}
		return tr
	}
	note("threads.create", chat.Send("Why?"))
	note("threads.add_user_message", chat.Send("What time is it?"))
	note("threads.add_client_tool_output", chat.ToolOutput("12:04"))
	card := chatkittest.LastItem[*chatkit.WidgetItem](t, note("threads.add_user_message", chat.Send("A seat, please")))
	note("threads.custom_action", chat.Action(card, "seats.add", map[string]any{"seats": 1}))
	note("threads.add_user_message", chat.Send("More, please"))

	gotLines, wantLines := normal(t, got.String()), normal(t, string(recorded))
	for i := range max(len(gotLines), len(wantLines)) {
		if g, w := at(gotLines, i), at(wantLines, i); g != w {
			t.Fatalf("line %d = %s\nwant     %s", i+1, g, w)
		}
	}
}

// TestWhatThePythonServerWroteCanBeRead decodes its threads and items, as a store that keeps them has to.
func TestWhatThePythonServerWroteCanBeRead(t *testing.T) {
	recorded, err := os.ReadFile("testdata/python.txt")
	if err != nil {
		t.Fatal(err)
	}
	items := 0
	for line := range strings.Lines(string(recorded)) {
		if strings.HasPrefix(line, ">") {
			continue
		}
		var event struct{ Thread, Item json.RawMessage }
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		if event.Item != nil {
			items++
			if it, err := chatkit.UnmarshalItem(event.Item); err != nil || it.Meta().CreatedAt.Year() < 2026 {
				t.Errorf("item %s = %v, %v", event.Item, it, err)
			}
		}
		var thread chatkit.Thread
		if event.Thread != nil {
			if err := json.Unmarshal(event.Thread, &thread); err != nil || thread.CreatedAt.Year() < 2026 {
				t.Errorf("thread %s = %v, %v", event.Thread, thread, err)
			}
		}
	}
	if items < 8 {
		t.Errorf("items = %d, want those of a conversation", items)
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

var (
	ids   = regexp.MustCompile(`(thr|msg|tc)_\w+`)
	times = regexp.MustCompile(`"created_at":"[^"]*"`)
)

// normal numbers ids in the order of their appearance, and sorts the members of objects.
func normal(t *testing.T, transcript string) (lines []string) {
	t.Helper()
	seen := map[string]string{}
	for line := range strings.Lines(transcript) {
		if strings.HasPrefix(line, "{") {
			var event any
			decoder := json.NewDecoder(strings.NewReader(line))
			decoder.UseNumber()
			if err := decoder.Decode(&event); err != nil {
				t.Fatal(err)
			}
			var sorted bytes.Buffer
			if err := json.NewEncoder(&sorted).Encode(event); err != nil {
				t.Fatal(err)
			}
			line = times.ReplaceAllString(sorted.String(), `"created_at":"now"`)
			line = ids.ReplaceAllStringFunc(line, func(id string) string {
				if seen[id] == "" {
					seen[id] = fmt.Sprintf("id%d", len(seen)+1)
				}
				return seen[id]
			})
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}
