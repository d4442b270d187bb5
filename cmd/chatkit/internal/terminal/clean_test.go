package terminal

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

func TestNothingThatSteersATerminalIsLeft(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain text", "Hello,\n\tWörld 🙂", "Hello,\n\tWörld 🙂"},
		{"a colour", "\x1b[31mred\x1b[0m", "[31mred[0m"},
		{"a title", "a\x1b]0;owned\x07b", "a]0;ownedb"},
		{"the clipboard", "\x1b]52;c;ZWNobw==\x1b\\", "]52;c;ZWNobw==\\"},
		{"an escape of one character", "\u009b31m", "31m"},
		{"a carriage return", "safe\revil", "safeevil"},
		{"a backspace", "ab\b\b", "ab"},
		{"DEL and NUL", "a\x7f\x00b", "ab"},
		{"no UTF-8", "a\xff\x9bb", "a\uFFFDb"},
	} {
		if got := Clean(c.text); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestJSONKeepsItsMeaning(t *testing.T) {
	for _, text := range []string{"plain", "\u009b31m", "a\u007fb\u0085", "\x1b[31m", "🙂"} {
		doc, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		clean := CleanJSON(doc)
		if strings.ContainsFunc(string(clean), steers) {
			t.Errorf("CleanJSON(%q) = %q, want no control character", doc, clean)
		}
		var got string
		if err := json.Unmarshal(clean, &got); err != nil || got != text {
			t.Errorf("CleanJSON(%q) means %q, %v, want %q", doc, got, err, text)
		}
	}
	// A terminal that reads single bytes takes 0x9b for an escape and a bracket.
	if got, want := string(CleanJSON([]byte("{\"a\":\"\x9b31m\u009b\"}"))), `{"a":"`+"\uFFFD"+`31m\u009b"}`; got != want {
		t.Errorf("CleanJSON of what is not UTF-8 = %q, want %q", got, want)
	}
}

func TestWhatIsSaidIsOneLine(t *testing.T) {
	var err bytes.Buffer
	s := New(io.Discard, &err)
	s.Say(Plain, "  thread %s", "thr_1\n> rm\r\n\u2028x      y\n")
	if got, want := err.String(), "  thread thr_1 > rm x y\n"; got != want {
		t.Errorf("err = %q, want %q", got, want)
	}
}

func TestOnlyATerminalGetsStyles(t *testing.T) {
	var out, err bytes.Buffer
	s := New(&out, &err)
	if werr := s.Write("half a line"); werr != nil {
		t.Fatal(werr)
	}
	s.Say(Red, "%s", "bad\x1b[1m")
	if got, want := out.String(), "half a line\n"; got != want {
		t.Errorf("out = %q, want %q", got, want)
	}
	if got, want := err.String(), "bad[1m\n"; got != want {
		t.Errorf("err = %q, want %q", got, want)
	}
	s.Styled = true
	err.Reset()
	s.Say(Dim, "quiet")
	if got, want := err.String(), "\x1b[2mquiet\x1b[0m\n"; got != want {
		t.Errorf("err = %q, want %q", got, want)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b[31m\xff\u009b")
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		if strings.ContainsFunc(got, steers) {
			t.Errorf("Clean(%q) = %q, want no control character", text, got)
		}
		if Clean(got) != got {
			t.Errorf("Clean(%q) changes what is clean", got)
		}
	})
}
