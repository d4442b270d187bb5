package widgettemplate

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells what a token is.
type tokenKind uint8

const (
	tokenEOF   tokenKind = iota // the end of the source
	tokenData                   // text between tags
	tokenPrint                  // {{
	tokenBlock                  // {%
	tokenEnd                    // }} or %}
	tokenName
	tokenString
	tokenNumber // value is an int64, *big.Int or float64
	tokenOperator
)

type token struct {
	kind  tokenKind
	text  string // a name, an operator, the text of data or of a string literal
	value value
	line  int
}

// lexer cuts a template into tokens.
type lexer struct {
	src    string
	pos    int
	line   int
	tokens []token
}

var operators = []string{
	"**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", ">", "<", "=", "(", ")", "[", "]", "{", "}", ".", ":", "|", ",",
}

// lex cuts src into tokens, with the engine settings of the protocol: no block trimming, the last newline
// dropped, whitespace control by - and + at either end of a tag.
func lex(src string) ([]token, error) {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	l := lexer{src: strings.TrimSuffix(src, "\n"), line: 1}
	strip := false // the last tag ended in -
	for l.pos < len(l.src) {
		at, open := l.nextTag()
		text := l.src[l.pos:at]
		lines := strings.Count(text, "\n")
		if strip {
			text = strings.TrimLeftFunc(text, unicode.IsSpace)
		}
		if open == "" {
			l.emit(token{kind: tokenData, text: text})
			break
		}
		l.pos = at + len(open)
		if l.eat("-") {
			text = strings.TrimRightFunc(text, unicode.IsSpace)
		} else if open == "{%" {
			l.eat("+")
		}
		if text != "" {
			l.emit(token{kind: tokenData, text: text})
		}
		l.line += lines
		var err error
		switch open {
		case "{#":
			strip, err = l.comment()
		case "{{":
			l.emit(token{kind: tokenPrint})
			strip, err = l.tag("}}")
		case "{%":
			if end, ok := l.raw(); ok {
				strip, err = end, nil
				break
			}
			l.emit(token{kind: tokenBlock})
			strip, err = l.tag("%}")
		}
		if err != nil {
			return nil, err
		}
	}
	l.emit(token{kind: tokenEOF})
	return l.tokens, nil
}

func (l *lexer) emit(t token) {
	t.line = l.line
	l.tokens = append(l.tokens, t)
}

func (l *lexer) fail(format string, args ...any) error {
	return &lineError{l.line, fmt.Errorf(format, args...)}
}

func (l *lexer) eat(s string) bool {
	if strings.HasPrefix(l.src[l.pos:], s) {
		l.pos += len(s)
		return true
	}
	return false
}

// nextTag returns the position of the next opening mark, and the mark.
func (l *lexer) nextTag() (int, string) {
	for i := l.pos; ; i++ {
		n := strings.IndexByte(l.src[i:], '{')
		if n < 0 || i+n+1 >= len(l.src) {
			return len(l.src), ""
		}
		i += n
		switch l.src[i+1] {
		case '{', '%', '#':
			return i, l.src[i : i+2]
		}
	}
}

func (l *lexer) comment() (strip bool, err error) {
	n := strings.Index(l.src[l.pos:], "#}")
	if n < 0 {
		return false, l.fail("a comment has no end")
	}
	body := l.src[l.pos : l.pos+n]
	l.line += strings.Count(body, "\n")
	l.pos += n + 2
	return strings.HasSuffix(body, "-"), nil
}

// raw reads {% raw %} … {% endraw %}, whose content is text.
func (l *lexer) raw() (strip, ok bool) {
	rest := strings.TrimLeft(l.src[l.pos:], " \t\n")
	rest, ok = strings.CutPrefix(rest, "raw")
	if !ok {
		return false, false
	}
	rest = strings.TrimLeft(rest, " \t\n")
	trimmed, left := strings.CutPrefix(rest, "-%}")
	if !left {
		if trimmed, ok = strings.CutPrefix(rest, "%}"); !ok {
			return false, false
		}
	}
	for i := 0; ; i++ {
		n := strings.Index(trimmed[i:], "{%")
		if n < 0 {
			return false, false
		}
		i += n
		body, tag := trimmed[:i], trimmed[i+2:]
		tag, right := strings.CutPrefix(tag, "-")
		tag, found := strings.CutPrefix(strings.TrimLeft(tag, " \t\n"), "endraw")
		if !found {
			continue
		}
		tag = strings.TrimLeft(tag, " \t\n")
		end, after := strings.CutPrefix(tag, "-%}")
		if !after {
			if end, found = strings.CutPrefix(tag, "%}"); !found {
				continue
			}
		}
		l.line += strings.Count(l.src[l.pos:len(l.src)-len(end)], "\n")
		l.pos = len(l.src) - len(end)
		if left {
			body = strings.TrimLeftFunc(body, unicode.IsSpace)
		}
		if right {
			body = strings.TrimRightFunc(body, unicode.IsSpace)
		}
		l.emit(token{kind: tokenData, text: body})
		return after, true
	}
}

// tag reads tokens up to the closing mark. Inside brackets the mark is none: {{ {'a': {}} }}.
func (l *lexer) tag(end string) (strip bool, err error) {
	depth := 0
	for {
		for l.pos < len(l.src) && strings.IndexByte(" \t\n\r", l.src[l.pos]) >= 0 {
			if l.src[l.pos] == '\n' {
				l.line++
			}
			l.pos++
		}
		if l.pos >= len(l.src) {
			return false, l.fail("a tag has no %s", end)
		}
		if depth == 0 {
			strip = l.eat("-" + end)
			if strip || l.eat("+"+end) || l.eat(end) {
				l.emit(token{kind: tokenEnd})
				return strip, nil
			}
		}
		switch c := l.src[l.pos]; {
		case c == '"' || c == '\'':
			err = l.str(c)
		case '0' <= c && c <= '9':
			err = l.number()
		default:
			if r, _ := utf8.DecodeRuneInString(l.src[l.pos:]); r == '_' || unicode.IsLetter(r) {
				l.name()
				break
			}
			op := ""
			for _, o := range operators {
				if l.eat(o) {
					op = o
					break
				}
			}
			switch op {
			case "":
				err = l.fail("unexpected character %q", c)
			case "(", "[", "{":
				depth++
			case ")", "]", "}":
				if depth--; depth < 0 {
					err = l.fail("unexpected %q", op)
				}
			}
			l.emit(token{kind: tokenOperator, text: op})
		}
		if err != nil {
			return false, err
		}
	}
}

func (l *lexer) name() {
	end := strings.IndexFunc(l.src[l.pos:], func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		end = len(l.src) - l.pos
	}
	l.emit(token{kind: tokenName, text: l.src[l.pos : l.pos+end]})
	l.pos += end
}

func (l *lexer) number() error {
	from := l.pos
	accept := func(chars string) {
		for l.pos < len(l.src) && strings.IndexByte(chars, l.src[l.pos]) >= 0 {
			l.pos++
		}
	}
	const digits = "0123456789_"
	float := false
	if l.eat("0x") || l.eat("0X") {
		accept("0123456789abcdefABCDEF_")
	} else if l.eat("0b") || l.eat("0B") || l.eat("0o") || l.eat("0O") {
		accept(digits)
	} else {
		accept(digits)
		if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && strings.IndexByte(digits, l.src[l.pos+1]) >= 0 {
			float = true
			l.pos++
			accept(digits)
		}
		if e := strings.TrimLeft(l.src[l.pos:], "eE"); len(e) == len(l.src)-l.pos-1 && e != "" {
			sign := strings.TrimLeft(e, "+-")
			if len(e)-len(sign) <= 1 && sign != "" && '0' <= sign[0] && sign[0] <= '9' {
				float = true
				l.pos = len(l.src) - len(sign)
				accept(digits)
			}
		}
	}
	text := strings.ReplaceAll(l.src[from:l.pos], "_", "")
	t := token{kind: tokenNumber}
	if float {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return l.fail("bad number %q", text)
		}
		t.value = f
	} else {
		n, ok := new(big.Int).SetString(text, 0)
		if !ok && strings.Trim(text, "0") == "" {
			n, ok = new(big.Int), true
		}
		if !ok {
			return l.fail("bad number %q", text)
		}
		t.value = integer(n)
	}
	l.emit(t)
	return nil
}

// str reads a string literal with the escapes of the reference's language.
func (l *lexer) str(quote byte) error {
	var b strings.Builder
	line := l.line
	for i := l.pos + 1; i < len(l.src); {
		c := l.src[i]
		switch {
		case c == quote:
			l.emit(token{kind: tokenString, text: b.String()})
			l.line = line
			l.pos = i + 1
			return nil
		case c == '\n':
			line++
			b.WriteByte(c)
			i++
		case c == '\\' && i+1 < len(l.src):
			n, r, ok := unescape(l.src[i:])
			if !ok {
				return l.fail("bad escape in a string")
			}
			if r >= 0 {
				b.WriteRune(r)
			} else if r == keep {
				b.WriteString(l.src[i : i+n])
			}
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return l.fail("a string has no end")
}

// keep and drop stand for no character: the escape stays as it is, or vanishes.
const (
	keep rune = -1
	drop rune = -2
)

// unescape reads the escape at the start of s, which has at least two bytes.
func unescape(s string) (n int, r rune, ok bool) {
	if i := strings.IndexByte(`nrtbfav0\'"`, s[1]); i >= 0 {
		return 2, []rune{'\n', '\r', '\t', '\b', '\f', '\a', '\v', 0, '\\', '\'', '"'}[i], true
	}
	digits := 0
	switch s[1] {
	case '\n':
		return 2, drop, true
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		return 2, keep, true
	}
	if len(s) < 2+digits {
		return 0, 0, false
	}
	v, err := strconv.ParseUint(s[2:2+digits], 16, 32)
	if err != nil || v > unicode.MaxRune || 0xD800 <= v && v < 0xE000 {
		return 0, 0, false
	}
	return 2 + digits, rune(v), true
}
