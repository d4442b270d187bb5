package vectortest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A Difference is a rule by which this server answers otherwise than the
// recordings, on purpose.
type Difference struct {
	// Name is the rule in a few words.
	Name string
	// Reason says why.
	Reason string

	// apply changes what is wished for, if the rule fits, and reports whether it does.
	apply func(*wish) bool
}

// Differences are all intended differences from the reference server. They are
// tried in order.
var Differences = []Difference{
	{
		Name:   "a request that the reference rejects is refused with 4xx",
		Reason: "the reference raises and leaves the answer to the framework, which makes a 500 of it; clients repeat a request after 5xx",
		apply: func(w *wish) bool {
			w.refused = w.x.Expect.Kind == "rejected"
			return w.refused
		},
	},
	{
		Name:   "a request for a feature that is not configured may be refused with 501",
		Reason: "nothing is wrong with the request; 501 says that the server cannot do it, and it is no failure either",
		apply: func(w *wish) bool {
			if w.refused && w.vector.AttachmentStore != nil && !*w.vector.AttachmentStore && strings.HasPrefix(w.requestType(), "attachments.") {
				w.alsoStatus = 501
				return true
			}
			return false
		},
	},
	{
		Name:   "a stream that the reference tears is refused before it begins",
		Reason: "a 200 that breaks off tells neither user nor client what is wrong; and nothing may be left in the store, such as a thread without a message",
		apply: func(w *wish) bool {
			if by := w.x.Expect.EndedBy; by == "" || by == "cancelled" {
				return false
			}
			w.refused = true
			return true
		},
	},
	{
		Name:   "a retry of an unknown item is not found",
		Reason: "the reference answers 200 with an empty stream, which looks like an assistant that has nothing to say",
		apply: func(w *wish) bool {
			if w.requestType() != "threads.retry_after_item" || w.x.Expect.EndedBy != "" || len(w.recorded) > 0 || !w.stream {
				return false
			}
			w.refused = true
			return true
		},
	},
	{
		Name:   "hidden items never reach a client",
		Reason: "the reference sends the added and replaced events of hidden items, and with them what was meant for the model only",
		apply:  dropHidden,
	},
	{
		Name:   "pages are full, and their size has bounds",
		Reason: "the reference cuts the page first and drops hidden items afterwards, so that a page can be empty with more behind it; a limit of 0, a negative or a huge one is clamped",
		apply:  fillPage,
	},
	{
		Name:   "a member given twice is refused",
		Reason: "two readers of one body may take different ones of the two, which has been used to get past checks",
		apply: func(w *wish) bool {
			if w.refused || !repeatsMember(w.x.body()) {
				return false
			}
			w.refused = true
			return true
		},
	},
	{
		Name:   "invalid base64 is refused",
		Reason: "the reference skips what it cannot read and transcribes the rest",
		apply: func(w *wish) bool {
			if w.refused || w.requestType() != "input.transcribe" {
				return false
			}
			audio := strings.Map(func(r rune) rune {
				if strings.ContainsRune(" \t\r\n", r) {
					return -1
				}
				return r
			}, w.text("audio_base64"))
			if _, err := base64.StdEncoding.Strict().DecodeString(audio); err == nil {
				return false
			}
			w.refused = true
			return true
		},
	},
	{
		Name:   "numbers and truth values given as something else may be refused",
		Reason: `the reference takes "5", 5.0 and true for a number, and "yes" for true`,
		apply: func(w *wish) bool {
			loose := func(v any) bool {
				switch v := v.(type) {
				case string, bool:
					return true
				case json.Number:
					_, err := strconv.ParseInt(string(v), 10, 64)
					return err != nil
				}
				return false
			}
			if w.refused || !loose(w.params["limit"]) && !loose(w.params["size"]) && !looseBools(w.params) {
				return false
			}
			w.mayRefuse = true
			return true
		},
	},
	{
		Name:   "an action needs a type",
		Reason: "the reference hands the application a placeholder instead",
		apply: func(w *wish) bool {
			action, ok := w.params["action"].(map[string]any)
			if w.refused || !ok || !strings.HasSuffix(w.requestType(), "custom_action") {
				return false
			}
			if s, _ := action["type"].(string); s != "" {
				return false
			}
			w.refused = true
			return true
		},
	},
	{
		Name:   "an unknown thread or attachment may be refused where the reference does not look",
		Reason: "the reference lists the items of a thread, takes feedback on it, deletes an attachment, without asking whether it exists and whose it is",
		apply: func(w *wish) bool {
			switch w.requestType() {
			case "items.list", "items.feedback":
				w.mayRefuse = !w.has(w.text("thread_id"))
			case "attachments.delete":
				w.mayRefuse = !slices.ContainsFunc(w.before.Attachments, func(a any) bool { return idOf(a) == w.text("attachment_id") })
			default:
				return false
			}
			return w.mayRefuse
		},
	},
}

// dropHidden removes the events of hidden items from the wish.
func dropHidden(w *wish) bool {
	ids := map[string]bool{}
	for _, items := range w.before.Items {
		for _, it := range items {
			if hidden(it) {
				ids[idOf(it)] = true
			}
		}
	}
	n := len(w.events)
	w.events = slices.DeleteFunc(w.events, func(e any) bool {
		o, _ := e.(map[string]any)
		if item := o["item"]; hidden(item) {
			ids[idOf(item)] = true
			return true
		}
		id, _ := o["item_id"].(string)
		return ids[id]
	})
	if len(w.events) == n {
		return false
	}
	w.inexact = "the recording has events of hidden items"
	return true
}

const (
	defaultPage = 20
	largestPage = 100
)

// fillPage computes a page of items or threads from what is stored, where the
// reference's would differ: hidden items are in the way, or the limit has no sense.
func fillPage(w *wish) bool {
	if w.x.Expect.Kind != "json" {
		return false
	}
	body, ok := w.body.(map[string]any)
	if !ok {
		return false
	}
	switch w.requestType() {
	case "threads.list":
		if w.boundedLimit() {
			return false
		}
		return w.replacePage(body, w.before.Threads)
	case "items.list":
		items := w.before.Items[w.text("thread_id")]
		if w.boundedLimit() && !slices.ContainsFunc(items, hidden) {
			return false
		}
		return w.replacePage(body, items)
	case "threads.get_by_id":
		items := w.before.Items[w.text("thread_id")]
		page, ok := body["items"].(map[string]any)
		if !ok || !slices.ContainsFunc(items, hidden) {
			return false
		}
		w.params = map[string]any{"order": "asc"}
		return w.replacePage(page, items)
	}
	return false
}

// boundedLimit reports whether the limit is one that is taken as it is.
func (w *wish) boundedLimit() bool {
	limit, ok := w.limit()
	return !ok || limit >= 1 && limit <= largestPage
}

func (w *wish) limit() (int64, bool) {
	n, ok := w.params["limit"].(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i, true
	}
	if strings.HasPrefix(string(n), "-") {
		return -1, true
	}
	return largestPage, true
}

// replacePage puts the page that the request asks for into page. The elements that
// were recorded are taken as recorded, others from the store. It reports whether
// that changed anything.
func (w *wish) replacePage(page map[string]any, all []any) bool {
	recorded := map[string]any{}
	data, _ := page["data"].([]any)
	for _, v := range data {
		recorded[idOf(v)] = v
	}
	list := slices.Clone(all)
	if w.text("order") != "asc" {
		slices.Reverse(list)
	}
	if after := w.text("after"); after != "" {
		i := slices.IndexFunc(list, func(v any) bool { return idOf(v) == after })
		list = list[i+1:]
	}
	list = slices.DeleteFunc(slices.Clone(list), hidden)
	limit, ok := w.limit()
	switch {
	case !ok || limit <= 0:
		limit = defaultPage
	case limit > largestPage:
		limit = largestPage
	}
	was := short(page["has_more"]) + short(page["after"]) + strconv.Itoa(len(data))
	delete(page, "after")
	page["has_more"] = int64(len(list)) > limit
	if page["has_more"] == true {
		list = list[:limit]
		page["after"] = idOf(list[limit-1])
	}
	shown := []any{}
	for _, v := range list {
		if r, ok := recorded[idOf(v)]; ok {
			v = r
		} else {
			v = onWire(v)
		}
		shown = append(shown, v)
	}
	page["data"] = shown
	if was == short(page["has_more"])+short(page["after"])+strconv.Itoa(len(shown)) {
		return false
	}
	w.inexact = "the recorded page is cut differently"
	return true
}

// onWire turns a stored thread or item into what a client sees.
func onWire(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	c, err := parse(data)
	if err != nil {
		return v
	}
	o, ok := c.(map[string]any)
	if !ok {
		return c
	}
	if _, isThread := o["metadata"]; isThread && o["type"] == nil {
		o["metadata"] = map[string]any{}
		o["items"] = map[string]any{"data": []any{}, "has_more": false}
	}
	if list, ok := o["attachments"].([]any); ok {
		for _, a := range list {
			if m, ok := a.(map[string]any); ok {
				delete(m, "metadata")
			}
		}
	}
	if o["type"] == "widget" {
		o["widget"] = withoutNulls(o["widget"])
	}
	return o
}

// looseBools reports whether a member that should be true or false is something else.
func looseBools(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if _, ok := m.(bool); !ok && m != nil && (k == "interactive" || k == "skipped") {
				return true
			}
			if k != "payload" && k != "data" && k != "result" && looseBools(m) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, looseBools)
	}
	return false
}

// repeatsMember reports whether an object in valid JSON has two members of one name.
func repeatsMember(data []byte) bool {
	if !json.Valid(data) {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	type level struct {
		names map[string]bool // nil in an array
		value bool            // a value comes next, not a name
	}
	var stack []*level
	for {
		tok, err := d.Token()
		if err == io.EOF || err != nil {
			return false
		}
		var top *level
		if len(stack) > 0 {
			top = stack[len(stack)-1]
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if top != nil {
				top.value = false
			}
			l := &level{}
			if tok == json.Delim('{') {
				l.names = map[string]bool{}
			}
			stack = append(stack, l)
			continue
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
			continue
		}
		if top == nil || top.names == nil {
			continue
		}
		if top.value {
			top.value = false
			continue
		}
		name, _ := tok.(string)
		if top.names[name] {
			return true
		}
		top.names[name], top.value = true, true
	}
}
