package chatkit

import (
	"fmt"
	"io"
	"unicode/utf8"
)

// A MessageWriter streams an assistant message, token by token. It appears in the browser with the first
// byte that is written, and is complete and stored with Close. It is safe for concurrent use.
//
// Forgetting Close costs a warning in the log: the server finishes the message when Respond returns.
type MessageWriter struct {
	t       *Turn
	id      string
	pending *pendingItem // nil until something was written
	prefix  []byte       // the frame of a text delta up to its text; nil if an interceptor let nobody see the message
	carry   []byte       // the beginning of a character whose rest has not come
	closed  bool
}

var (
	_ io.WriteCloser  = (*MessageWriter)(nil)
	_ io.StringWriter = (*MessageWriter)(nil)
)

// Message begins an assistant message. Nothing is sent before the first write.
func (t *Turn) Message() *MessageWriter {
	return &MessageWriter{t: t, id: t.NewID(IDMessage)}
}

// ID returns the id of the message's item.
func (w *MessageWriter) ID() string { return w.id }

// Write appends Markdown to the message. A character may be split over two writes. It returns the cause
// once the turn is over.
func (w *MessageWriter) Write(p []byte) (int, error) { return w.WriteString(string(p)) }

// WriteString is Write for a string.
func (w *MessageWriter) WriteString(s string) (int, error) {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	n := len(s)
	if err := w.open(); err != nil {
		return 0, err
	}
	if len(w.carry) > 0 {
		s = string(w.carry) + s
		w.carry = nil
	}
	if cut := incomplete(s); cut > 0 {
		w.carry = []byte(s[len(s)-cut:])
		s = s[:len(s)-cut]
	}
	if s == "" {
		return n, nil
	}
	if err := w.begin(); err != nil {
		return 0, err
	}
	return n, r.text(w.pending, w.prefix, 0, s)
}

// Annotate adds an annotation, such as a source, to the message.
func (w *MessageWriter) Annotate(a Annotation) error {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if err := w.open(); err != nil {
		return err
	}
	if err := w.begin(); err != nil {
		return err
	}
	e := &ThreadItemUpdatedEvent{ItemID: w.id, Update: &AssistantMessageContentPartAnnotationAdded{
		AnnotationIndex: len(w.pending.part(0).annotations), Annotation: a,
	}}
	if err := validateEvent(e); err != nil {
		return fmt.Errorf("annotate: %w", err)
	}
	if w.prefix == nil {
		w.pending.apply(e.Update) // for Close
	}
	return r.record(e)
}

// Close completes the message and stores it. A message to which nothing was written leaves no trace.
// Closing twice does nothing.
func (w *MessageWriter) Close() error {
	r := w.t.rec
	r.pen.take()
	defer r.pen.put()
	if w.closed {
		return nil
	}
	if err := w.open(); err != nil {
		return err
	}
	if len(w.carry) > 0 { // a character that never came whole is shown as what it is: broken
		if err := w.begin(); err != nil {
			return err
		}
		if err := r.text(w.pending, w.prefix, 0, string(utf8.RuneError)); err != nil {
			return err
		}
		w.carry = nil
	}
	w.closed = true
	if w.pending == nil {
		return nil
	}
	item := r.whole(w.pending)
	content := item.(*AssistantMessageItem).Content[0] // begin made it
	done := &AssistantMessageContentPartDone{Content: content}
	if err := r.record(&ThreadItemUpdatedEvent{ItemID: w.id, Update: done}); err != nil {
		return err
	}
	return r.record(&ThreadItemDoneEvent{Item: item})
}

// open returns an error if nothing can be written. The pen is held.
func (w *MessageWriter) open() error {
	if err := w.t.rec.open(w.id); err != nil {
		return err
	}
	if w.closed {
		return fmt.Errorf("write to message %s: it is closed", w.id)
	}
	return nil
}

// begin puts the message on the screen, once. The pen is held.
func (w *MessageWriter) begin() error {
	r := w.t.rec
	if w.pending != nil {
		return nil
	}
	item := &AssistantMessageItem{ItemMeta: ItemMeta{ID: w.id, ThreadID: r.thread, CreatedAt: r.srv.now()}}
	if err := r.record(&ThreadItemAddedEvent{Item: item}); err != nil {
		return err
	}
	part := &AssistantMessageContentPartAdded{}
	if err := r.record(&ThreadItemUpdatedEvent{ItemID: w.id, Update: part}); err != nil {
		return err
	}
	seen := false
	if w.pending, seen = r.begun(item); seen {
		w.prefix = appendTextDeltaPrefix(nil, w.id, 0)
	}
	return nil
}

// incomplete returns how many bytes at the end of s are the beginning of a character.
func incomplete(s string) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(s)); n++ {
		b := s[len(s)-n]
		if utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRuneInString(s[len(s)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}
