// Package terminal is where the commands write: text that cannot steer the terminal, dimmed or in colour
// only where somebody looks at it.
package terminal

import (
	"fmt"
	"io"
	"os"
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

// IsTerminal reports whether a stream is a terminal, or another character device.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
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

// Say writes a cleaned line of its own to Err.
func (s *Screen) Say(style Style, format string, args ...any) {
	if s.open {
		_ = s.EndLine() // an output that is gone is noticed by the next Write
	}
	text := Clean(fmt.Sprintf(format, args...))
	if s.Styled && style != Plain {
		text = "\x1b[" + string(style) + "m" + text + "\x1b[0m"
	}
	fmt.Fprintln(s.Err, text)
}
