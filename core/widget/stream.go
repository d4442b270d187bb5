package widget

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// ErrNoText means that a widget has no text component of that id that could be streamed: a [Text] or
// [Markdown] with an id that no other text has, reached from the root through lists of children.
var ErrNoText = errors.New("no such text in the widget")

// Stream is a widget that the browser shows, and whose texts grow. [Stream.AppendText] costs what the delta
// costs, however large the widget and however long the text: nothing is compared or copied.
//
// A Stream is not safe for concurrent use.
type Stream struct {
	raw   []byte // the wire form when the texts were indexed
	texts []*streamText
	byID  map[string]*streamText
}

// streamText is one text of a stream. What was appended to it is kept in escaped form, in chunks, and joined
// with the rest when the whole widget is asked for.
type streamText struct {
	textAt
	chunks [][]byte
	grows  bool // the component's member streaming
	ended  bool
	shared bool // another text has the same id
}

const chunkSize = 4 << 10

// NewStream returns the stream of root after checking it like [Encode].
func NewStream(root Root) (*Stream, error) {
	s := new(Stream)
	raw, err := Encode(root)
	if err != nil {
		return nil, err
	}
	s.index(StripNulls(nil, raw))
	return s, nil
}

func (s *Stream) index(raw []byte) {
	s.raw, s.texts, s.byID = raw, s.texts[:0], map[string]*streamText{}
	sc := scanner{buf: raw}
	sc.texts(0, false, func(t textAt) {
		st := &streamText{textAt: t}
		if t.streaming.to > 0 {
			st.grows = truthy(sc.bytes(t.streaming))
		}
		if other := s.byID[t.id]; other != nil {
			other.shared, st.shared = true, true
		}
		s.byID[t.id] = st
		s.texts = append(s.texts, st)
	})
}

// AppendText appends delta to the value of the text with that id and returns the update to send. Its Done is
// true unless the component has streaming set, as the protocol has it. It fails with [ErrNoText], and after
// [Stream.EndText].
func (s *Stream) AppendText(id, delta string) (TextDelta, error) {
	t, err := s.text(id)
	if err != nil {
		return TextDelta{}, err
	}
	t.append(delta)
	return TextDelta{ComponentID: id, Delta: delta, Done: !t.grows}, nil
}

// EndText ends the text with that id: it returns an update without text that is done, and sets streaming to
// false in the widget that [Stream.JSON] returns. It fails with [ErrNoText], and the second time.
func (s *Stream) EndText(id string) (TextDelta, error) {
	t, err := s.text(id)
	if err != nil {
		return TextDelta{}, err
	}
	t.ended = true
	return TextDelta{ComponentID: id, Done: true}, nil
}

func (s *Stream) text(id string) (*streamText, error) {
	t := s.byID[id]
	switch {
	case t == nil || t.lone:
		return nil, fmt.Errorf("stream text %q: %w", id, ErrNoText)
	case t.shared:
		return nil, fmt.Errorf("stream text %q: several texts have this id: %w", id, ErrNoText)
	case t.ended:
		return nil, fmt.Errorf("stream text %q: it has ended", id)
	}
	return t, nil
}

func (t *streamText) append(delta string) {
	n := len(t.chunks)
	if n == 0 || cap(t.chunks[n-1])-len(t.chunks[n-1]) < len(delta) {
		t.chunks = append(t.chunks, make([]byte, 0, max(chunkSize, len(delta)+len(delta)/8)))
		n++
	}
	t.chunks[n-1] = jsonx.AppendEscaped(t.chunks[n-1], delta)
}

// Update changes the whole widget to root and returns the updates to send, as [Diff] finds them. Texts that
// ended can grow again if root says so. If it fails, the stream is as it was.
func (s *Stream) Update(root Root, opts ...DiffOption) ([]Update, error) {
	raw, err := Encode(root)
	if err != nil {
		return nil, err
	}
	updates, err := Diff(s.JSON(), raw, opts...)
	if err != nil {
		return nil, err
	}
	s.index(StripNulls(nil, raw))
	return updates, nil
}

// JSON returns the widget as it is now, in its wire form. The caller owns the result.
func (s *Stream) JSON() json.RawMessage {
	type edit struct {
		at     span // what to replace
		pieces [][]byte
	}
	var edits []edit
	size := len(s.raw)
	for _, t := range s.texts {
		if end := t.value.to - 1; len(t.chunks) > 0 {
			edits = append(edits, edit{span{end, end}, t.chunks})
		}
		if t.ended && t.streaming.to > 0 {
			edits = append(edits, edit{t.streaming, [][]byte{[]byte("false")}})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.at.from, b.at.from) })
	for _, e := range edits {
		for _, p := range e.pieces {
			size += len(p)
		}
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		out = append(out, s.raw[at:e.at.from]...)
		for _, p := range e.pieces {
			out = append(out, p...)
		}
		at = e.at.to
	}
	return append(out, s.raw[at:]...)
}
