package vectortest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A wish is what an exchange should bring: what was recorded, with the intended
// differences applied.
type wish struct {
	vector  *vector
	x       *exchange
	before  *shelf
	request map[string]any // nil if the body is no JSON object
	params  map[string]any

	refused    bool // must be refused
	mayRefuse  bool // may be refused
	mayAnswer  bool // may be answered, whatever the answer, although refused is set
	alsoStatus int  // a status beyond 4xx that is a refusal too
	onlyStatus int  // the one status that is right, 0 for any 4xx

	stream   bool
	leaves   bool // the client leaves behind the last event
	events   []any
	recorded []any // events as recorded
	body     any
	bytes    *string
	inexact  string // why the bytes cannot be equal

	prefix    bool            // more may follow the events
	once      bool            // attachments come once
	open      []string        // items that the server may finish, or remove, at the end
	hiddenIDs map[string]bool // items that no client knows
	gone      map[string]bool // attachments that are deleted with their thread

	seen, deleted, feedback any // nil if not recorded

	applied  []string
	optional []string // differences that are applied if the server refuses
}

func newWish(v *vector, x *exchange, before *shelf, differences []Difference) (*wish, error) {
	w := &wish{vector: v, x: x, before: before, bytes: x.Expect.Bytes}
	if r, err := parse(x.body()); err == nil {
		w.request, _ = r.(map[string]any)
		w.params, _ = w.request["params"].(map[string]any)
	}
	events, err := parseAll(x.Expect.Events)
	if err != nil {
		return nil, err
	}
	w.recorded, _ = events.([]any)
	w.events = slices.Clone(w.recorded)
	switch x.Expect.Kind {
	case "sse":
		w.stream = true
	case "json":
		if w.body, err = parse(x.Expect.Body); err != nil {
			return nil, err
		}
	case "rejected":
	default:
		return nil, fmt.Errorf("unknown kind of answer %q", x.Expect.Kind)
	}
	w.leaves = x.Expect.EndedBy == "cancelled"
	for _, f := range []struct {
		raw json.RawMessage
		to  *any
	}{{x.Expect.Feedback, &w.feedback}, {x.Expect.AttachmentsDeleted, &w.deleted}} {
		if f.raw != nil {
			if *f.to, err = parse(f.raw); err != nil {
				return nil, err
			}
		}
	}
	if x.Expect.Seen != nil {
		if w.seen, err = parseAll(x.Expect.Seen); err != nil {
			return nil, err
		}
	}
	for _, d := range differences {
		if d.apply == nil {
			continue
		}
		before := w.mayRefuse
		w.mayRefuse = false
		if d.apply(w) {
			if w.mayRefuse || w.mayAnswer {
				w.optional = append(w.optional, d.Name)
			} else {
				w.applied = append(w.applied, d.Name)
			}
		}
		w.mayRefuse = w.mayRefuse || before
	}
	return w, nil
}

// text returns a parameter of the request that is text.
func (w *wish) text(name string) string {
	s, _ := w.params[name].(string)
	return s
}

func (w *wish) requestType() string {
	s, _ := w.request["type"].(string)
	return s
}

// attachments are the ids that the request's message names.
func (w *wish) attachments() []string {
	input, _ := w.params["input"].(map[string]any)
	list, _ := input["attachments"].([]any)
	var ids []string
	for _, v := range list {
		id, _ := v.(string)
		ids = append(ids, id)
	}
	return ids
}

// dropAttachments notes which attachments go with the thread that is deleted.
func (w *wish) dropAttachments() bool {
	for _, a := range w.before.Attachments {
		if o, ok := a.(map[string]any); ok && o["thread_id"] == w.text("thread_id") {
			if w.gone == nil {
				w.gone = map[string]bool{}
			}
			w.gone[idOf(a)] = true
		}
	}
	return len(w.gone) > 0
}

// sendOnce removes attachments that a message has twice, anywhere in v.
func sendOnce(v any) {
	switch v := v.(type) {
	case map[string]any:
		if list, ok := v["attachments"].([]any); ok {
			var ids []string
			v["attachments"] = slices.DeleteFunc(list, func(a any) bool {
				again := slices.Contains(ids, idOf(a))
				ids = append(ids, idOf(a))
				return again
			})
		}
		for _, m := range v {
			sendOnce(m)
		}
	case []any:
		for _, m := range v {
			sendOnce(m)
		}
	}
}

// has reports whether the store had a thread before the exchange.
func (w *wish) has(thread string) bool {
	return slices.ContainsFunc(w.before.Threads, func(t any) bool { return idOf(t) == thread })
}

func idOf(v any) string {
	o, _ := v.(map[string]any)
	id, _ := o["id"].(string)
	return id
}

func typeOf(v any) string {
	o, _ := v.(map[string]any)
	s, _ := o["type"].(string)
	return s
}

func hidden(item any) bool {
	t := typeOf(item)
	return t == "hidden_context_item" || t == "sdk_hidden_context"
}

func sortByID(list any) {
	l, _ := list.([]any)
	slices.SortStableFunc(l, func(a, b any) int { return strings.Compare(idOf(a), idOf(b)) })
}

// stripWidgets removes nulls from stored widgets: whether they are kept there is
// the store's affair, on the wire there are none.
func stripWidgets(items any) {
	lists, _ := items.(map[string]any)
	for _, list := range lists {
		l, _ := list.([]any)
		for _, it := range l {
			if o, ok := it.(map[string]any); ok && o["type"] == "widget" {
				o["widget"] = withoutNulls(o["widget"])
			}
		}
	}
}

func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if m == nil {
				delete(v, k)
			} else {
				v[k] = withoutNulls(m)
			}
		}
	case []any:
		kept := []any{}
		for _, m := range v {
			if m != nil {
				kept = append(kept, withoutNulls(m))
			}
		}
		return kept
	}
	return v
}
