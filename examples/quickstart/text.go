package main

import (
	"fmt"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

// hello is the demo's answer to everything it has no other answer for.
func hello(text string, m *chatkit.UserMessageItem) string {
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
	said := "I am a **built-in demo** and no model, so all I can do with your words is to show them:\n\n" + quoted + "\n\n"
	if tool := m.InferenceOptions.ToolChoice; tool != nil {
		said += "You picked the tool `" + tool.ID + "`.\n\n"
	}
	for _, part := range m.Content {
		if tag, ok := part.(*chatkit.InputTag); ok {
			said += "You named " + tag.Text + ", whose id is `" + tag.ID + "`.\n\n"
		}
	}
	if m.QuotedText != nil {
		said += fmt.Sprintf("You quoted %d characters.\n\n", len([]rune(*m.QuotedText)))
	}
	return said + helloRest
}

const helloRest = "Some words make me do more. Try `long`, `workflow`, `thoughts`, `sources`, `widget`, `gallery`, `form`, `tool`, " +
	"`by hand`, `image`, `effect`, `notice`, `error`, `stall` or `burst`. Attach a file, stop me in the middle, send the next " +
	"message before I am done, or reload the page.\n\n" +
	"The whole server behind this page is one function:\n\n" +
	"```go\n" +
	"func respond(ctx context.Context, t *chatkit.Turn) error {\n" +
	"\treturn t.Text(\"Hello!\")\n" +
	"}\n" +
	"```\n\n" +
	"To talk to a model instead, start the server with `OPENAI_API_KEY`."

const longAnswer = "## The life of an answer\n\n" +
	"You asked for something long, so here is what happens between your *Enter* and the last of these words.\n\n" +
	"1. **The page sends one request.** It is a POST with a small JSON body, and its answer is a stream of events. " +
	"There is one address for everything: messages, history, titles, feedback.\n" +
	"2. **The server stores your message first.** Only then does it begin to answer. Whatever happens next, what you wrote is safe.\n" +
	"3. **A function writes the answer.** It gets a turn, and everything it writes to the turn appears in your browser at once. " +
	"It may show progress, steps, cards with buttons or questions, or ask your browser to do something.\n" +
	"4. **Each word is an event.** The browser puts the words together, and a reader that is slow gets several of them in one piece. " +
	"The function that writes never waits for a browser.\n" +
	"5. **The finished message is stored.** A reload shows the same conversation again, in the same order.\n\n" +
	"### When things go differently\n\n" +
	"- You press *Stop*: the connection closes, the function is told so, and the part that you have read is kept.\n" +
	"- You send the next message too early: this answer ends where it is, and the next one begins. The order stays right.\n" +
	"- The function fails: you see an error instead of a torn stream, perhaps with a button to try again. " +
	"The text of the error stays on the server unless somebody wrote it for you.\n" +
	"- The server is asked to stop: it ends the running answers, stores what there is of them, and only then leaves.\n\n" +
	"### What it takes\n\n" +
	"Nothing but this program. The page is part of it, the store is a file beside it, and there is no build step, no key and no other service. " +
	"When you want another database, a model or another web framework, you change one line each, and the function stays as it is.\n\n" +
	"> That was long enough. Now stop me the next time, and see what is kept."
