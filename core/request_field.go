package chatkit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// A requestError says what is wrong with a request. Its text names a place and what belongs there, holds
// nothing of what the client sent, and may be shown to anybody.
type requestError struct {
	text string
}

func (e *requestError) Error() string { return e.text }

// A requestReader is the state of decoding one request.
type requestReader struct {
	limits requestLimits
	err    error // the first one
}

// A field is a value of a request and its place (ChatKit protocol: input validation). Reading one that is
// missing or of another kind notes an error and returns a zero value. Unlike the decoder for stored data it
// tells null from absent, and takes a string for a number or a boolean where other servers do.
type field struct {
	in     *requestReader
	v      jsonx.Value
	parent *field
	name   string // empty for an element of an array
	index  int
}

func (f field) get(name string) field {
	return field{in: f.in, v: f.v.Get(name), parent: &f, name: name}
}

// present reports whether the request has the field, null included.
func (f field) present() bool { return f.v.Kind() != jsonx.Invalid }

// given reports whether the request has the field and it is not null.
func (f field) given() bool { return f.present() && f.v.Kind() != jsonx.Null }

func (f field) fail(want string) {
	if f.in.err != nil {
		return
	}
	if !f.present() {
		want = "missing"
	}
	f.in.err = &requestError{text: f.path() + ": " + want}
}

// path returns the place of the field in the form "params.input.content[0].text".
func (f field) path() string {
	switch {
	case f.parent == nil:
		return ""
	case f.name == "":
		return f.parent.path() + "[" + strconv.Itoa(f.index) + "]"
	case f.parent.parent == nil:
		return f.name
	}
	return f.parent.path() + "." + f.name
}

// of returns whether the field is of a kind, and notes an error if it is not.
func (f field) of(kind jsonx.Kind, want string) bool {
	if f.v.Kind() != kind {
		f.fail(want)
		return false
	}
	return true
}

func (f field) object() field {
	f.of(jsonx.Object, "want an object")
	return f
}

func (f field) str() string {
	if !f.of(jsonx.String, "want a string") {
		return ""
	}
	return f.v.Text()
}

// optional reads a string that may be null or absent, which is the same as empty.
func (f field) optional() string {
	if !f.given() {
		return ""
	}
	return f.str()
}

// pointer reads a string that may be null or absent.
func (f field) pointer() *string {
	if !f.given() {
		return nil
	}
	s := f.str()
	return &s
}

// oneOf reads a string that is one of a few.
func (f field) oneOf(options ...string) string {
	for _, o := range options {
		if f.v.Is(o) {
			return o
		}
	}
	f.fail("want one of " + strings.Join(options, ", "))
	return ""
}

// any reads free-form JSON, null included.
func (f field) any() json.RawMessage {
	if !f.present() {
		f.fail("missing")
		return nil
	}
	raw, err := jsonx.AppendRaw(nil, f.v.Raw())
	if err != nil {
		f.fail(err.Error())
	}
	return raw
}

// elements reads an array of at most limit elements.
func (f field) elements(limit int) iter.Seq[field] {
	return func(yield func(field) bool) {
		if !f.of(jsonx.Array, "want an array") {
			return
		}
		i := 0
		for v := range f.v.Elements() {
			if i == limit {
				f.fail("want at most " + strconv.Itoa(limit) + " elements")
				return
			}
			if !yield(field{in: f.in, v: v, parent: &f, index: i}) {
				return
			}
			i++
		}
	}
}

func (f field) strings(limit int) []string {
	list := []string{}
	for e := range f.elements(limit) {
		list = append(list, e.str())
	}
	return list
}

// int reads an integer that may be written as "5" or 5.0. One that is too large becomes the largest.
func (f field) int() int64 {
	const want = "want an integer"
	switch f.v.Kind() {
	case jsonx.Bool:
		if f.v.Bool() {
			return 1
		}
		return 0
	case jsonx.Number:
		s := f.v.Text()
		if i, ok := parseInt(s); ok {
			return i
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || x != math.Trunc(x) {
			f.fail(want)
			return 0
		}
		if math.Abs(x) >= 1<<63 {
			return saturated(x < 0)
		}
		return int64(x)
	case jsonx.String:
		s := strings.TrimSpace(f.v.Text())
		if whole, zeros, ok := strings.Cut(s, "."); ok && zeros != "" && strings.Trim(zeros, "0") == "" {
			s = whole
		}
		if i, ok := parseInt(s); ok {
			return i
		}
	}
	f.fail(want)
	return 0
}

// parseInt reads digits with an optional sign, however many.
func parseInt(s string) (int64, bool) {
	i, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return i, true
	}
	if digits := strings.TrimLeft(s, "+-"); len(s)-len(digits) > 1 || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	return saturated(s[0] == '-'), true
}

func saturated(negative bool) int64 {
	if negative {
		return math.MinInt64
	}
	return math.MaxInt64
}

// bool reads a boolean that may be written as a word or as a number; an absent one is false.
func (f field) bool() bool {
	switch f.v.Kind() {
	case jsonx.Invalid:
		return false
	case jsonx.Bool:
		return f.v.Bool()
	case jsonx.Number:
		switch x, _ := strconv.ParseFloat(f.v.Text(), 64); x {
		case 0:
			return false
		case 1:
			return true
		}
	case jsonx.String:
		switch strings.ToLower(f.v.Text()) {
		case "true", "t", "yes", "y", "on", "1":
			return true
		case "false", "f", "no", "n", "off", "0":
			return false
		}
	}
	f.fail("want a boolean")
	return false
}

// optionalInt reads a number that may be left out: 0 if it is absent or null.
func (f field) optionalInt() int64 {
	if !f.given() {
		return 0
	}
	return f.int()
}

func (f field) order() Order {
	if !f.present() {
		return OrderDesc
	}
	return Order(f.oneOf(string(OrderAsc), string(OrderDesc)))
}

// base64 reads bytes in the standard alphabet, with padding. White space is skipped.
func (f field) base64() []byte {
	if !f.of(jsonx.String, "want a string") {
		return nil
	}
	text := []byte(f.v.Text())
	text = slices.DeleteFunc(text, func(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' })
	n, err := base64.StdEncoding.Strict().Decode(text, text)
	if err != nil {
		f.fail("want standard base64")
		return nil
	}
	return bytes.Clone(text[:n])
}

// mediaType returns the part of a MIME type before its parameters, trimmed and in lower case.
func mediaType(mimeType string) string {
	name, _, _ := strings.Cut(mimeType, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

func (f field) userMessage() (in userMessageInput) {
	f = f.object()
	for part := range f.get("content").elements(f.in.limits.parts) {
		in.Content = append(in.Content, part.userContent())
	}
	in.Attachments = f.get("attachments").strings(f.in.limits.attachments)
	in.QuotedText = f.get("quoted_text").pointer()
	options := f.get("inference_options").object()
	if choice := options.get("tool_choice"); choice.given() {
		in.InferenceOptions.ToolChoice = &ToolChoice{ID: choice.object().get("id").str()}
	}
	in.InferenceOptions.Model = options.get("model").pointer()
	return in
}

func (f field) userContent() UserMessageContent {
	switch f.object().get("type").oneOf("input_text", "input_tag") {
	case "input_text":
		return &InputText{Text: f.get("text").str()}
	case "input_tag":
		c := &InputTag{
			ID: f.get("id").str(), Text: f.get("text").str(),
			Data:  json.RawMessage(`{}`),
			Group: f.get("group").pointer(), Interactive: f.get("interactive").bool(),
		}
		if data := f.get("data"); data.given() {
			c.Data = data.object().any()
		}
		return c
	}
	return nil
}

func (f field) structuredInput() (StructuredInputStatus, map[string]StructuredInputAnswer) {
	f = f.object()
	status := StructuredInputAnswered
	if s := f.get("status"); s.present() {
		status = StructuredInputStatus(s.oneOf(string(StructuredInputAnswered), string(StructuredInputSkipped)))
	}
	answers := map[string]StructuredInputAnswer{}
	all := f.get("answers")
	if all.present() {
		all = all.object()
	}
	for question, v := range all.v.Members() {
		i := len(answers)
		if i == f.in.limits.parts {
			all.fail("want at most " + strconv.Itoa(i) + " answers")
			break
		}
		a := field{in: f.in, v: v, parent: &all, index: i}.object() // no name: that is the client's own
		answer := StructuredInputAnswer{Skipped: a.get("skipped").bool()}
		if values := a.get("values"); values.present() {
			answer.Values = values.strings(f.in.limits.parts)
		}
		answers[string(question)] = answer
	}
	return status, answers
}

func (f field) action() (a Action) {
	f = f.object()
	a.Type = f.get("type").str()
	if a.Type == "" {
		f.get("type").fail("want a string that is not empty")
	}
	a.Payload = json.RawMessage("null")
	if payload := f.get("payload"); payload.present() {
		a.Payload = payload.any()
	}
	return a
}
