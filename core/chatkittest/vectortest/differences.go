package vectortest

import (
	"encoding/json"
	"slices"
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
	// A rule that sets mayRefuse counts only where the server does refuse.
	apply func(*wish) bool
	// everywhere is set where the recording cannot be what a server answers: an exception is no answer.
	everywhere bool
}

// ofReference are the differences of a server that answers as the reference does.
func ofReference() []Difference {
	var all []Difference
	for _, d := range Differences {
		if d.everywhere {
			all = append(all, d)
		}
	}
	return all
}

// asReference is noted where a server answers as the reference does and we do not.
const asReference = "answered as the reference does"

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
		everywhere: true,
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
		everywhere: true,
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
			w.refused, w.onlyStatus = true, 404
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
			if strictBase64(w.text("audio_base64")) {
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
			if w.refused || !looseNumber(w.params["limit"]) && !looseNumber(w.params["size"]) && !looseBools(w.params) {
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
			if w.refused {
				return false
			}
			switch w.requestType() {
			case "items.list", "items.feedback":
				w.mayRefuse = !w.has(w.text("thread_id"))
			case "attachments.delete":
				w.mayRefuse = !slices.ContainsFunc(w.before.Attachments, func(a any) bool { return idOf(a) == w.text("attachment_id") })
			default:
				return false
			}
			if w.mayRefuse {
				w.onlyStatus = 404
			}
			return w.mayRefuse
		},
	},
	{
		Name:   "what is no JSON is refused",
		Reason: "the reference reads NaN and Infinity, which no standard knows and no browser sends",
		apply: func(w *wish) bool {
			if w.refused || json.Valid(w.x.body()) {
				return false
			}
			w.refused = true
			return true
		},
	},
	{
		Name:   "deep nesting may be refused",
		Reason: "nothing that a client sends nests deep; the reference's limit, 200 levels, is its parser's",
		apply: func(w *wish) bool {
			w.mayRefuse = !w.refused && depth(w.x.body()) > commonDepth
			return w.mayRefuse
		},
	},
	{
		Name:   "a tool's result may find its call behind what was stored after it",
		Reason: "a hidden note, or an item that came late, must not cost the user the tool's result",
		apply: func(w *wish) bool {
			fits := w.refused && w.request["type"] == "threads.add_client_tool_output"
			w.mayAnswer = w.mayAnswer || fits
			return fits
		},
	},
	{
		Name:   "a tag without data may be accepted",
		Reason: "the client's own types declare the data optional; it then is {}",
		apply: func(w *wish) bool {
			input, _ := w.params["input"].(map[string]any)
			parts, _ := input["content"].([]any)
			fits := w.refused && slices.ContainsFunc(parts, func(p any) bool {
				o, _ := p.(map[string]any)
				return o["type"] == "input_tag" && o["data"] == nil
			})
			w.mayAnswer = w.mayAnswer || fits
			return fits
		},
	},
	{
		Name:   "a negative size may be refused",
		Reason: "no file has one; the reference hands it to the application",
		apply: func(w *wish) bool {
			n, _ := w.params["size"].(json.Number)
			w.mayRefuse = !w.refused && strings.HasPrefix(string(n), "-")
			return w.mayRefuse
		},
	},
	{
		Name:   "an action on what is no widget is refused",
		Reason: "the reference answers 200 with an error event and nothing else; a status says the same before a stream begins",
		apply: func(w *wish) bool {
			i := slices.IndexFunc(w.before.Items[w.text("thread_id")], func(it any) bool { return idOf(it) == w.text("item_id") })
			w.mayRefuse = !w.refused && w.requestType() == "threads.custom_action" && i >= 0 &&
				typeOf(w.before.Items[w.text("thread_id")][i]) != "widget"
			return w.mayRefuse
		},
	},
	{
		Name:   "an attachment of another thread may be refused",
		Reason: "the reference takes it out of the message that it belongs to",
		apply: func(w *wish) bool {
			ids := w.attachments()
			w.mayRefuse = !w.refused && slices.ContainsFunc(w.before.Attachments, func(a any) bool {
				o, _ := a.(map[string]any)
				return o["thread_id"] != nil && o["thread_id"] != w.text("thread_id") && slices.Contains(ids, idOf(a))
			})
			return w.mayRefuse
		},
	},
	{
		Name:   "an attachment named twice is sent once",
		Reason: "a message shows a file once",
		apply: func(w *wish) bool {
			ids := w.attachments()
			slices.Sort(ids)
			w.once = len(slices.Compact(ids)) < len(w.attachments())
			if w.once {
				sendOnce(w.events)
				w.inexact = "the recording has an attachment twice"
			}
			return w.once
		},
	},
	{
		Name:   "media types are trimmed and in lower case",
		Reason: "they are compared without regard to case, and a hook should not have to",
		apply: func(w *wish) bool {
			seen, _ := w.seen.([]any)
			changed := false
			for _, v := range seen {
				if o, ok := v.(map[string]any); ok {
					was, _ := o["media_type"].(string)
					if now := strings.ToLower(strings.TrimSpace(was)); now != was {
						o["media_type"], changed = now, true
					}
				}
			}
			return changed
		},
	},
	{
		Name:   "a change of the thread is told when it is made",
		Reason: "the reference looks for changes behind each event and at the end, so that one made right before a failure comes behind the error",
		apply: func(w *wish) bool {
			n := len(w.events)
			if n < 2 || typeOf(w.events[n-2]) != "error" || typeOf(w.events[n-1]) != "thread.updated" {
				return false
			}
			w.events[n-2], w.events[n-1] = w.events[n-1], w.events[n-2]
			w.inexact = "the recording has the error first"
			return true
		},
	},
	{
		Name:   "items that are left open are finished",
		Reason: "the user has seen them; the reference leaves them on the screen until the next reload, and out of the history",
		apply: func(w *wish) bool {
			w.open = w.x.leftOpen()
			return len(w.open) > 0
		},
	},
	{
		Name:   "an update that fits no task is passed over",
		Reason: "the reference ends the answer with an error, over a mistake that nobody sees",
		apply: func(w *wish) bool {
			if !w.x.updatesNoTask() || len(w.events) == 0 || typeOf(w.events[len(w.events)-1]) != "error" {
				return false
			}
			w.events, w.prefix = w.events[:len(w.events)-1], true
			w.inexact = "the recording ends with an error"
			return true
		},
	},
	{
		Name:   "the records of attachments go with their thread",
		Reason: "nothing refers to them any more",
		apply:  func(w *wish) bool { return w.requestType() == "threads.delete" && w.dropAttachments() },
	},
	{Name: sentAsGiven, Reason: "a URL that was signed is valid in the form in which it was signed; the reference rewrites it"},
	{Name: emptyLeftOut, Reason: "an author leaves a text out by leaving it empty; clients show nothing for either"},
	{Name: widgetsAsGiven, Reason: "a widget is sent as its author wrote it; the reference reads those it knows into types of its own, which add defaults"},
}

// The differences that lie in single members of an answer; [comparer] knows them.
const (
	sentAsGiven    = "URLs are sent as given"
	emptyLeftOut   = "empty optional texts are left out"
	widgetsAsGiven = "actions in widgets are sent without defaults"
)

// commonDepth is the depth that every server takes.
const commonDepth = 60
