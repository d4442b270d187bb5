package terminal

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Clean removes from text what would steer a terminal: every control character except newline and tab, so
// that nothing a server sends can move the cursor, change the title or write into the clipboard. What is not
// UTF-8 becomes a replacement character.
func Clean(text string) string {
	if !strings.ContainsFunc(text, steers) && utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if steers(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// Line is Clean for text that has to stay on one line.
func Line(text string) string {
	return strings.Join(strings.Fields(Clean(text)), " ")
}

// steers reports whether r is a control character: C0, DEL or C1, in which a single character can stand for
// an escape and a bracket.
func steers(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f
}

// CleanJSON escapes control characters in JSON. They can only stand in its strings, where an escape means
// the same. What is not UTF-8, and so no JSON, becomes a replacement character: a single byte can steer, too.
func CleanJSON(doc []byte) []byte {
	const hex = "0123456789abcdef"
	doc = bytes.ToValidUTF8(doc, []byte("\uFFFD"))
	var b []byte
	begin := 0
	for i, r := range string(doc) {
		if !steers(r) || r < ' ' {
			continue // what is below a space stands between values, or the document is none
		}
		b = append(b, doc[begin:i]...)
		b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		begin = i + utf8.RuneLen(r)
	}
	if b == nil {
		return doc
	}
	return append(b, doc[begin:]...)
}
