package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

// A clerk stands in for a model: it looks for words, calls the same tools and reads their results. It makes the
// program run without a key. A copy does without it: leave this file out, and the case for it in chooseModel.
type clerk struct {
	pause time.Duration // between two words
	now   func() time.Time
}

// Stream implements agent.Model.
func (c *clerk) Stream(ctx context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		answer, err := c.answer(r)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, e := range answer.Events(len(r.Input)) {
			if _, ok := e.(*agent.TextDelta); ok {
				select {
				case <-time.After(c.pause):
				case <-ctx.Done():
					yield(nil, context.Cause(ctx))
					return
				}
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// An entry is what the clerk understands of the input: messages, its own calls, their results.
type entry struct {
	Type    string `json:"type"`
	Role    string `json:"role"`
	Content []struct {
		Text  string `json:"text"`
		Image string `json:"image_url"`
	} `json:"content"`
	Name   string `json:"name"`
	Output string `json:"output"`
}

func (e entry) text() string {
	var b strings.Builder
	for _, part := range e.Content {
		b.WriteString(part.Text)
	}
	return b.String()
}

// photo says what the first photo of a message is, from its data URL, or "" if there is none.
func (e entry) photo() string {
	for _, part := range e.Content {
		if head, data, ok := strings.Cut(part.Image, ";base64,"); ok {
			return fmt.Sprintf("%s, %d bytes", strings.TrimPrefix(head, "data:"), len(data)/4*3)
		}
	}
	return ""
}

func (c *clerk) answer(r *agent.Request) (*agenttest.Answer, error) {
	var all []entry
	for _, raw := range r.Input {
		var e entry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("read input: %w", err)
		}
		all = append(all, e)
	}
	last := len(all) - 1
	if last < 0 {
		return &agenttest.Answer{Text: "Hello!"}, nil
	}
	if len(r.Tools) == 0 { // it is asked for a title
		return &agenttest.Answer{Text: titleOf(all[last].text())}, nil
	}
	if all[last].Type == "function_call_output" {
		return report(all, last), nil
	}
	return c.choose(all, r.Input), nil
}

var (
	orderID = regexp.MustCompile(`\b[A-Z]-\d{4}\b`)
	isoDay  = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)
	damage  = regexp.MustCompile(`(?i)\b(damag|broken|crack|scratch|dent|defect)`)
	cancels = regexp.MustCompile(`(?i)\bcancel`)
	moves   = regexp.MustCompile(`(?i)\b(deliver|move|change|postpone|later|earlier)`)
	lists   = regexp.MustCompile(`(?i)\borders\b|\bwhat have i\b`)
)

const (
	askOrder = "Which order is it from?"
	help     = "I can **look up** your orders, **cancel** one, **deliver** it on another day, and **replace** what arrived " +
		"damaged. Try: “Show me my orders.”"
)

// choose answers a message, or calls a tool.
func (c *clerk) choose(all []entry, raw []json.RawMessage) *agenttest.Answer {
	message := all[len(all)-1]
	text, photo := message.text(), message.photo()
	id := orderID.FindString(text)
	asked := id != "" && len(all) > 1 && strings.HasSuffix(all[len(all)-2].text(), askOrder)
	for i := len(raw) - 1; id == "" && i >= 0; i-- { // "cancel it": the order that was spoken of last
		id = orderID.FindString(string(raw[i]))
	}
	damaged := photo != "" || damage.MatchString(text)
	switch {
	case lists.MatchString(text):
		return call("list_orders", map[string]string{})
	case damaged && photo == "" && !anyPhoto(all):
		return &agenttest.Answer{Text: "I am sorry to hear that. Please attach a **photo** of the damage, and tell me the order."}
	case damaged && id == "":
		return &agenttest.Answer{Text: "Thank you for the photo (" + photo + "). " + askOrder}
	case damaged || asked && anyPhoto(all):
		return call("report_damage", map[string]string{"order": id, "damage": text})
	case id == "" && (cancels.MatchString(text) || moves.MatchString(text)):
		return call("list_orders", map[string]string{})
	case cancels.MatchString(text):
		return call("cancel_order", map[string]string{"order": id})
	case moves.MatchString(text):
		day := c.day(text)
		if day == "" {
			return &agenttest.Answer{Text: "On which day shall it arrive? A day of the week is enough."}
		}
		return call("change_delivery", map[string]string{"order": id, "day": day})
	case orderID.MatchString(text):
		return call("show_order", map[string]string{"order": id})
	default:
		return &agenttest.Answer{Text: "Hello, this is the customer service of **Alder & Oak**. " + help}
	}
}

func anyPhoto(all []entry) bool {
	for _, e := range all {
		if e.photo() != "" {
			return true
		}
	}
	return false
}

func call(name string, args map[string]string) *agenttest.Answer {
	raw, _ := json.Marshal(args) // texts cannot fail
	return &agenttest.Answer{Calls: []agent.ToolCall{{Name: name, Arguments: string(raw)}}}
}

// day finds a day in a text: a date, "tomorrow", or the next day of that name.
func (c *clerk) day(text string) string {
	if day := isoDay.FindString(text); day != "" {
		return day
	}
	text = strings.ToLower(text)
	for days := 1; days <= 7; days++ {
		day := c.now().AddDate(0, 0, days)
		if strings.Contains(text, strings.ToLower(day.Weekday().String())) || days == 1 && strings.Contains(text, "tomorrow") {
			return day.Format(time.DateOnly)
		}
	}
	return ""
}

// report says what a tool did.
func report(all []entry, last int) *agenttest.Answer {
	var name, photo string
	for _, e := range all {
		if e.Type == "function_call" {
			name = e.Name
		}
		if seen := e.photo(); seen != "" {
			photo = seen
		}
	}
	output := all[last].Output
	var o order
	if name != "list_orders" && json.Unmarshal([]byte(output), &o) != nil {
		return &agenttest.Answer{Text: output} // a refusal, in words for the customer
	}
	var text string
	switch {
	case name == "list_orders":
		text = "These are your orders. Click on one, or tell me what to do with it."
	case name == "change_delivery":
		text = "Done. Order " + o.ID + " now arrives on **" + o.day() + "**."
	case name == "report_damage":
		text = "I have your photo (" + photo + "), and I am sorry about the damage. A **replacement** arrives on **" + o.day() +
			"**; please hand the damaged piece to the carrier then."
	case name == "cancel_order" && o.Status == preparing:
		text = "Please confirm it in the card above. Nothing is cancelled before you do."
	case name == "cancel_order" && o.Status != cancelled:
		text = "Order " + o.ID + " is " + string(o.Status) + ", so it cannot be cancelled any more. You can send it back within thirty days."
	case name == "cancel_order":
		text = "Order " + o.ID + " is cancelled already."
	default:
		text = "Here is order " + o.ID + ". Can I do anything about it?"
	}
	return &agenttest.Answer{Text: text}
}

// titleOf is a title for a conversation that begins with a text.
func titleOf(text string) string {
	subject := "Question"
	switch {
	case damage.MatchString(text):
		subject = "Damaged item"
	case cancels.MatchString(text):
		subject = "Cancellation"
	case moves.MatchString(text):
		subject = "Delivery"
	case lists.MatchString(text):
		return "My orders"
	}
	if id := orderID.FindString(text); id != "" {
		return subject + " about " + id
	}
	if subject == "Question" {
		return shorten(text)
	}
	return subject
}
