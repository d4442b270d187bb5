// Package terminal is where the commands write: text that cannot steer the terminal, dimmed or in colour
// only where somebody looks at it.
package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// A Screen is the standard output and the standard error of a command. Its methods belong to one goroutine.
type Screen struct {
	// Out takes what was asked for.
	Out io.Writer
	// Err takes everything else: progress, notices, questions.
	Err io.Writer
	// Styled says that Err is a terminal which shows styles.
	Styled bool

	open bool // the last line of Out is not complete
}

// New returns a screen of the two writers. Styles are used if the second is a terminal and neither NO_COLOR
// is set nor TERM is "dumb".
func New(out, err io.Writer) *Screen {
	return &Screen{Out: out, Err: err, Styled: IsTerminal(err) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// IsTerminal reports whether a stream is a terminal. The null device, a character device too, is none.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Write cleans text and writes it to Out.
func (s *Screen) Write(text string) error {
	text = Clean(text)
	if text == "" {
		return nil
	}
	s.open = text[len(text)-1] != '\n'
	_, err := io.WriteString(s.Out, text)
	return err
}

// EndLine completes the last line of Out.
func (s *Screen) EndLine() error {
	if !s.open {
		return nil
	}
	return s.Write("\n")
}

// Style is a way of showing a line on a terminal.
type Style string

// The styles. Without a terminal all of them are plain.
const (
	Plain Style = ""
	Dim   Style = "2"
	Bold  Style = "1"
	Red   Style = "31"
)

// Say writes a cleaned line of its own to Err. It stays one whatever the arguments are: a server must not write
// lines that look like somebody else's. Only spaces at the beginning of the format indent it.
func (s *Screen) Say(style Style, format string, args ...any) {
	if s.open {
		_ = s.EndLine() // an output that is gone is noticed by the next Write
	}
	indent := format[:len(format)-len(strings.TrimLeft(format, " "))]
	text := indent + Line(fmt.Sprintf(format, args...))
	if s.Styled && style != Plain {
		text = "\x1b[" + string(style) + "m" + text + "\x1b[0m"
	}
	fmt.Fprintln(s.Err, text)
}
