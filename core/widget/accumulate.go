package widget

import (
	"cmp"
	"iter"
	"strings"
)

// AccumulateText turns text deltas into states of one text component (ChatKit protocol: accumulate_text). It
// yields base as it is, then, for each delta, a copy whose Value is all deltas so far, and at the end a copy
// with the whole text that is not streaming. The Value of base is not a part of the text; start with an empty
// one. Each state costs what its delta costs.
//
// Wrap each state into a root. Give base an id and Streaming, so that the browser sees deltas. After an error
// from deltas it yields nil with that error and stops.
func AccumulateText[T *Text | *Markdown](base T, deltas iter.Seq2[string, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if !yield(base, nil) {
			return
		}
		// The states share the builder's memory: what is written later comes behind what they refer to.
		var text strings.Builder
		for delta, err := range deltas {
			if err != nil {
				yield(nil, err)
				return
			}
			text.WriteString(delta)
			if !yield(withValue(base, text.String(), Unset), nil) {
				return
			}
		}
		yield(withValue(base, text.String(), False), nil)
	}
}

// withValue returns a copy of base with another value and, unless it is Unset, another Streaming.
func withValue[T *Text | *Markdown](base T, value string, streaming Bool) T {
	switch b := any(base).(type) {
	case *Text:
		c := *b
		c.Value, c.Streaming = value, cmp.Or(streaming, c.Streaming)
		return any(&c).(T)
	case *Markdown:
		c := *b
		c.Value, c.Streaming = value, cmp.Or(streaming, c.Streaming)
		return any(&c).(T)
	}
	return base
}
