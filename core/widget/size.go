package widget

import (
	"math"
	"strconv"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// Size is a length or a factor: a number in the unit of the member that holds it, or CSS text. The zero Size
// is unset. Make one with [Px], [Units], [Num] or [CSS].
type Size struct {
	css  string
	num  float64
	kind sizeKind
}

type sizeKind uint8

const (
	sizeUnset sizeKind = iota
	sizeNumber
	sizeCSS
)

// Px is n pixels, for heights, widths, borders and the like.
func Px(n float64) Size { return Num(n) }

// Units is n steps of the client's spacing scale, for gaps, paddings and margins.
func Units(n float64) Size { return Num(n) }

// Num is a number without a unit, for flex and aspectRatio. It is the same Size as Px and Units of that
// number: the member decides what a number means.
func Num(n float64) Size { return Size{kind: sizeNumber, num: n} }

// CSS is a length as CSS text, such as "50%" or "2rem".
func CSS(s string) Size { return Size{kind: sizeCSS, css: s} }

// numberForm is how a member writes its numbers (ChatKit protocol: widgets, serialization): clients take any
// number, the forms are those of the reference.
type numberForm uint8

const (
	floats  numberForm = iota // 4.0
	ints                      // 4, and nothing but whole numbers
	numbers                   // 4 or 4.5
)

func (e *encoder) size(name string, s Size, form numberForm) {
	if s.kind == sizeUnset {
		return
	}
	e.name(name)
	e.sizeValue(name, s, form)
}

func (e *encoder) whole(name string, s Size) {
	if s.kind == sizeCSS {
		e.fail(name, "%q is not a number", s.css)
	}
	e.size(name, s, ints)
}

func (e *encoder) sizeValue(name string, s Size, form numberForm) {
	if s.kind == sizeCSS {
		e.buf = jsonx.AppendString(e.buf, s.css)
		return
	}
	if math.IsNaN(s.num) || math.IsInf(s.num, 0) {
		e.fail(name, "%v is not a number of JSON", s.num)
		return
	}
	isWhole := s.num == math.Trunc(s.num) && math.Abs(s.num) < 1<<53
	switch {
	case form == ints && !isWhole:
		e.fail(name, "%v is not a whole number", s.num)
	case form != floats && isWhole:
		e.buf = strconv.AppendInt(e.buf, int64(s.num), 10)
	default:
		e.buf = jsonx.AppendFloat(e.buf, s.num)
	}
}
