package examples_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/client"
)

// conversations are what is said to each example about models, what its provider answers, and what the
// user then sees. A line of a transcript is a message of the user's, "> ", a result of the browser's tool,
// "< ", or what an event shows.
var conversations = []struct {
	example string
	scripts []agenttest.Script // what the provider does, request by request
	say     []string           // "< …" answers the call of a client tool
	want    string
	asked   []string // what must be in the last request to the provider
}{
	{
		example: "openai",
		scripts: []agenttest.Script{
			{Answer: &agenttest.Answer{Thoughts: []string{"Greetings."}, Text: "Hello Ada!"}},
			agenttest.Say("You are Ada."),
			agenttest.Refuse(401, "invalid_api_key", "no such key", nil),
		},
		say: []string{"I am Ada.", "Who am I?", "And now?"},
		want: `
> I am Ada.
thought 0: Greetings.
thought 0: Greetings.
workflow reasoning: thought: Greetings.
Hello Ada!
> Who am I?
You are Ada.
> And now?
error: again=false
history: user_message workflow assistant_message user_message assistant_message user_message`,
		asked: []string{
			"/v1/responses", `"model":"test"`, `"store":false`, `"stream":true`,
			`"text":"I am Ada."`, `"text":"Hello Ada!"`, `"text":"You are Ada."`, `"text":"And now?"`,
		},
	},
	{
		example: "ollama",
		scripts: []agenttest.Script{
			{Answer: &agenttest.Answer{Thoughts: []string{"Greetings."}, Text: "Hello Ada!"}},
			{Answer: &agenttest.Answer{Text: "You are", Cut: agent.ReasonLength}},
		},
		say: []string{"I am Ada.", "Who am I?"},
		want: `
> I am Ada.
thought 0: Greetings.
thought 0: Greetings.
workflow reasoning: thought: Greetings.
Hello Ada!
> Who am I?
You are
notice warning
history: user_message workflow assistant_message user_message assistant_message`,
		asked: []string{"/v1/chat/completions", `"model":"test"`, `"role":"system"`, `I am Ada.`, `Hello Ada!`, `Who am I?`},
	},
	{
		example: "tools",
		scripts: []agenttest.Script{
			{Answer: &agenttest.Answer{Calls: []agent.ToolCall{{CallID: "call_1", Name: "find_trains", Arguments: `{"city":"Oslo"}`}}}},
			{Answer: &agenttest.Answer{Calls: []agent.ToolCall{
				{CallID: "call_2", Name: "find_trains", Arguments: `{"city":"Rome"}`},
				{CallID: "call_3", Name: "get_time", Arguments: `{}`},
			}}},
			agenttest.Say("The next train to Rome leaves at 10:35."),
		},
		say: []string{"When is the next train to Oslo, or to Rome?", `< {"time":"10:10"}`},
		want: `
> When is the next train to Oslo, or to Rome?
task 0 loading: Asking the railway
progress: Looking for trains…
task 0 complete: Asking the railway
task 1 loading: Asking the railway
progress: Looking for trains…
task 1 complete: Asking the railway
call get_time {}
< {"time":"10:10"}
workflow custom: task: Asking the railway, task: Asking the railway
The next train to Rome leaves at 10:35.
history: user_message workflow client_tool_call assistant_message`,
		asked: []string{
			"/v1/responses", `"name":"get_time"`, `"type":"function_call_output"`, `10:10`, `next train to Oslo`,
		},
	},
	{
		example: "multi-stage",
		scripts: []agenttest.Script{
			agenttest.Say("One. Two. Three."),
			agenttest.Say("First one, then two, at last three."),
		},
		say: []string{"How do I count?"},
		want: `
> How do I count?
task 0 loading: Choosing the points
task 0 complete: Chose the points (One. Two. Three.)
workflow custom "Prepared the answer": task: Chose the points
First one, then two, at last three.
history: user_message workflow assistant_message`,
		asked: []string{"/v1/responses", "Write an answer", "The points to make:\\nOne. Two. Three.", "How do I count?"},
	},
	{
		example: "plain",
		say:     []string{"a rose is a rose"},
		want: `
> a rose is a rose
a rose is a! rose!
history: user_message assistant_message`,
	},
}

// TestExamplesHoldTheirConversations starts each example about models with a fake provider, and compares
// all that its user sees.
func TestExamplesHoldTheirConversations(t *testing.T) {
	for _, c := range conversations {
		t.Run(c.example, func(t *testing.T) {
			provider := agenttest.NewServer(c.scripts...)
			defer provider.Close()
			program := filepath.Join(t.TempDir(), c.example)
			if out, err := exec.Command("go", "build", "-o", program, "./"+c.example).CombinedOutput(); err != nil {
				t.Fatalf("build: %v\n%s", err, out)
			}
			e := start(t, program, "OPENAI_BASE_URL="+provider.BaseURL(), "OPENAI_MODEL=test")
			e.showsAPage(t)
			if got := e.converse(t, c.say); got != c.want {
				t.Errorf("got:%s\n\nwant:%s", got, c.want)
			}
			requests := provider.Requests()
			if len(requests) != len(c.scripts) {
				t.Errorf("the provider was asked %d times, want %d", len(requests), len(c.scripts))
			}
			if len(requests) > 0 {
				last := requests[len(requests)-1].Path + "\n" + string(requests[len(requests)-1].Body)
				for _, part := range c.asked {
					if !strings.Contains(last, part) {
						t.Errorf("the last request lacks %s:\n%s", part, last)
					}
				}
			}
			e.stops(t)
			if c.scripts != nil {
				saysThatThereIsNoModel(t, program)
			}
		})
	}
}

// converse has a conversation in one thread and returns its transcript.
func (e *example) converse(t *testing.T, say []string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := client.New(e.url + "chatkit")
	tr := &transcript{streamed: map[string]string{}}
	for _, text := range say {
		var stream *client.Stream
		var err error
		result, isResult := strings.CutPrefix(text, "< ")
		switch {
		case isResult:
			tr.line("%s", text)
			stream, err = c.ToolOutput(ctx, tr.thread, raw(result))
		case tr.thread == "":
			tr.line("> %s", text)
			stream, err = c.CreateThread(ctx, client.Text(text))
		default:
			tr.line("> %s", text)
			stream, err = c.Send(ctx, tr.thread, client.Text(text))
		}
		if err != nil {
			t.Fatal(err)
		}
		for event, err := range stream.Events() {
			if err != nil {
				t.Fatal(err)
			}
			tr.show(t, event.Event)
		}
		stream.Close()
	}
	page, err := c.Items(ctx, tr.thread, client.Page{Order: "asc"})
	if err != nil {
		t.Fatal(err)
	}
	tr.line("history:")
	for _, item := range page.Data {
		tr.WriteString(" " + item.ItemType())
	}
	return tr.String()
}

// raw is JSON that is sent as it is.
type raw string

// MarshalJSON returns the text.
func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// transcript is what a user saw.
type transcript struct {
	strings.Builder
	thread   string
	streamed map[string]string // the text of each message that streams
}

func (tr *transcript) line(format string, args ...any) { fmt.Fprintf(tr, "\n"+format, args...) }

func (tr *transcript) show(t *testing.T, e chatkit.Event) {
	t.Helper()
	switch e := e.(type) {
	case *chatkit.ThreadCreatedEvent:
		tr.thread = e.Thread.ID
	case *chatkit.ProgressUpdateEvent:
		tr.line("progress: %s", e.Text)
	case *chatkit.NoticeEvent:
		tr.line("notice %s", e.Level)
	case *chatkit.ErrorEvent:
		tr.line("error: again=%v", e.AllowRetry)
	case *chatkit.ThreadItemAddedEvent:
		if w, ok := e.Item.(*chatkit.WorkflowItem); ok {
			for i, task := range w.Workflow.Tasks {
				tr.task(i, task)
			}
		}
	case *chatkit.ThreadItemUpdatedEvent:
		switch u := e.Update.(type) {
		case *chatkit.AssistantMessageContentPartTextDelta:
			tr.streamed[e.ItemID] += u.Delta
		case *chatkit.WorkflowTaskAdded:
			tr.task(u.TaskIndex, u.Task)
		case *chatkit.WorkflowTaskUpdated:
			tr.task(u.TaskIndex, u.Task)
		default: // it says nothing new
		}
	case *chatkit.ThreadItemDoneEvent:
		tr.done(t, e.Item)
	default: // it shows nothing
	}
}

func (tr *transcript) task(i int, task chatkit.Task) {
	switch task := task.(type) {
	case *chatkit.CustomTask:
		tr.line("task %d %s: %s", i, task.StatusIndicator, task.Title)
		if task.Content != "" {
			fmt.Fprintf(tr, " (%s)", task.Content)
		}
	case *chatkit.ThoughtTask:
		tr.line("thought %d: %s", i, task.Content)
	default:
		tr.line("task %d: %s", i, task.TaskType())
	}
}

func (tr *transcript) done(t *testing.T, item chatkit.Item) {
	t.Helper()
	switch item := item.(type) {
	case *chatkit.UserMessageItem: // it is in the transcript already
	case *chatkit.AssistantMessageItem:
		if got := tr.streamed[item.ID]; got != item.Text() {
			t.Errorf("streamed %q, but the whole message is %q", got, item.Text())
		}
		tr.line("%s", item.Text())
	case *chatkit.ClientToolCallItem:
		tr.line("call %s %s", item.Name, item.Arguments)
	case *chatkit.WorkflowItem:
		tr.line("workflow %s", item.Workflow.Type)
		if summary, ok := item.Workflow.Summary.(*chatkit.CustomSummary); ok {
			fmt.Fprintf(tr, " %q", summary.Title)
		}
		for i, task := range item.Workflow.Tasks {
			tr.WriteString([]string{": ", ", "}[min(i, 1)])
			switch task := task.(type) {
			case *chatkit.CustomTask:
				tr.WriteString("task: " + task.Title)
			case *chatkit.ThoughtTask:
				tr.WriteString("thought: " + task.Content)
			default:
				tr.WriteString(task.TaskType())
			}
		}
	default:
		tr.line("%s", item.ItemType())
	}
}

// saysThatThereIsNoModel starts an example without a key: it must answer, and must not pretend that a model
// does.
func saysThatThereIsNoModel(t *testing.T, program string) {
	t.Helper()
	e := start(t, program)
	e.answers(t)
	if err := e.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if output := <-e.output; !strings.Contains(output, "a scripted model") || !strings.Contains(output, "OPENAI_API_KEY") {
		t.Errorf("without a model it said only:\n%s", output)
	}
	if err := e.cmd.Wait(); err != nil {
		t.Errorf("without a model it ended with %v", err)
	}
}
