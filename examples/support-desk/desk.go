package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/run"
)

// A desk answers customers.
type desk struct {
	agent   *agent.Agent
	orders  *orders
	ratings *ratings
	files   *attach.Files
}

func newDesk(model agent.Model, orders *orders, ratings *ratings, files *attach.Files) *desk {
	d := &desk{orders: orders, ratings: ratings, files: files}
	d.agent = &agent.Agent{Name: "clerk", Model: model, Instructions: d.instructions, Tools: d.tools()}
	return d
}

// instructions are written anew for each answer: they name the customer and the day.
func (d *desk) instructions(ctx context.Context) (string, error) {
	t, err := turn(ctx)
	if err != nil {
		return "", err
	}
	return `You work at the customer service of Alder & Oak, a shop for home goods. You talk to ` + t.Owner() + `.
Today is ` + d.orders.now().Format("Monday, 2006-01-02") + `.
Be friendly and brief. Look orders up before you say anything about them, and never guess.
The customer sees the cards that your tools show, so do not repeat what is on them.
Only the customer can confirm a cancellation, with the card's button: nothing is cancelled before.
For damage you need a photo. Look at it, and say what you see.
About anything but orders of this shop, say that you cannot help.`, nil
}

// respond answers a message: the model works with the tools, then the thread gets a title.
func (d *desk) respond(ctx context.Context, t *chatkit.Turn) error {
	converter := &agent.Converter{Attachment: func(ctx context.Context, a chatkit.Attachment) (json.RawMessage, error) {
		return d.attachment(ctx, t.Owner(), a)
	}}
	if _, err := agent.Run(ctx, t, d.agent, agent.Convert(converter), agent.MaxTurns(6)); err != nil {
		return err
	}
	if t.Thread.Title != nil {
		return nil
	}
	end := t.Phase(run.PhaseModel) // if it takes long, the log says so
	title := d.title(ctx, t.Input.Text())
	end()
	return t.UpdateThread(func(th *chatkit.Thread) {
		if th.Title == nil { // the customer may have been quicker
			th.Title = &title
		}
	})
}

// attachment is what the model gets of a file: a photo as it is, a text as text, and the name of one that is gone.
func (d *desk) attachment(ctx context.Context, owner string, a chatkit.Attachment) (json.RawMessage, error) {
	if _, ok := a.(*chatkit.ImageAttachment); ok {
		url, err := d.files.DataURL(ctx, owner, a)
		if err == nil {
			return agent.InputImage(url), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	text, ok, err := d.files.Text(ctx, owner, a)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if !ok {
		return agent.InputText("(the file " + a.Meta().Name + ", which cannot be read)"), nil
	}
	const most = 20_000 // bytes
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return agent.InputText("The file " + a.Meta().Name + ":\n" + text), nil
}

// title asks the model what the conversation is about. An answer is there already, so a failure here is no reason to
// show an error: the first words of the question will do.
func (d *desk) title(ctx context.Context, question string) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var b strings.Builder
	for e, err := range d.agent.Model.Stream(ctx, &agent.Request{
		Instructions: "Write a title of two to five words for a conversation that begins with this message. No quotes, no full stop.",
		Input:        []json.RawMessage{agent.UserText(question)},
	}) {
		if err != nil {
			slog.WarnContext(ctx, "no title", "err", err)
			return shorten(question)
		}
		if delta, ok := e.(*agent.TextDelta); ok {
			b.WriteString(delta.Text)
		}
		if b.Len() > 200 {
			break
		}
	}
	return shorten(b.String())
}

// shorten makes one line of a text, short enough for a list.
func shorten(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) == 0 {
		return "A question"
	}
	if len(line) > 60 {
		return strings.TrimSpace(string(line[:59])) + "…"
	}
	return string(line)
}
