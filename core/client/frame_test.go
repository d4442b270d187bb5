package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// frames reads a whole stream into short texts, one a frame.
func frames(t *testing.T, r io.Reader, opts *FrameOptions) ([]string, error) {
	t.Helper()
	f := NewFrameReader(r, opts)
	var got []string
	for {
		frame, err := f.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return got, err
		}
		got = append(got, text(frame))
	}
}

func text(f *Frame) string {
	if f.Comment {
		return "#" + string(f.Data)
	}
	return fmt.Sprintf("%s|%s|%s", f.ID, f.Name, f.Data)
}

var frameTable = []struct {
	name  string
	input string
	want  []string
}{
	{"an event is its data", "data: a\n\n", []string{"||a"}},
	{"two events", "data: a\n\ndata: b\n\n", []string{"||a", "||b"}},
	{"the space behind the colon is optional", "data:a\n\n", []string{"||a"}},
	{"only one space is dropped", "data:  a\n\n", []string{"|| a"}},
	{"CRLF ends a line", "data: a\r\n\r\ndata: b\r\n\r\n", []string{"||a", "||b"}},
	{"CR ends a line", "data: a\r\rdata: b\r\r", []string{"||a", "||b"}},
	{"line ends may be mixed", "data: a\r\ndata: b\ndata: c\r\n\ndata: d\n\r\n", []string{"||a\nb\nc", "||d"}},
	{"LF and CR are two line ends", "data: a\n\rdata: b\n\n", []string{"||a", "||b"}},
	{"data lines are joined", "data: a\ndata: b\n\n", []string{"||a\nb"}},
	{"an empty data line is data", "data:\n\n", []string{"||"}},
	{"a field without a colon has an empty value", "data\n\ndata\ndata\n\ndata:", []string{"||", "||\n"}},
	{"a block without data is no event", "event: x\n\n\n\ndata: a\n\n", []string{"||a"}},
	{"the event name belongs to its event", "event: x\ndata: a\n\ndata: b\n\n", []string{"|x|a", "||b"}},
	{"an id stays until it changes", "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n", []string{"1||a", "1||b", "2||c"}},
	{"an empty id resets it", "id: 1\ndata: a\n\nid\ndata: b\n\n", []string{"1||a", "||b"}},
	{"an id with NUL is ignored", "id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n", []string{"1||a", "1||b"}},
	{"an id of a block without data counts", "id: 7\n\ndata: a\n\n", []string{"7||a"}},
	{"comments are skipped", ": ping\ndata: a\n: x\n\n", []string{"||a"}},
	{"unknown fields are ignored", "foo: 1\n data: no\nDATA: no\ndata: a\n\n", []string{"||a"}},
	{"a leading byte-order mark is skipped", "\xef\xbb\xbfdata: a\n\n", []string{"||a"}},
	{"only one mark is skipped", "\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", []string{"||b"}},
	{"half a mark is part of the line", "\xef\xbbdata: a\n\ndata: b\n\n", []string{"||b"}},
	{"a mark later is part of the line", "data: a\n\n\xef\xbb\xbfdata: b\n\n", []string{"||a"}},
	{"an event cut by the end is dropped", "data: a\n\ndata: b\n", []string{"||a"}},
	{"a line cut by the end is dropped", "data: a\n\ndata: b", []string{"||a"}},
	{"an empty stream has no events", "", nil},
	{"colons in the data stay", "data: {\"a\":1}\n\n", []string{`||{"a":1}`}},
	{"NUL and invalid UTF-8 in data stay", "data: \x00\xff\n\n", []string{"||\x00\xff"}},
}

func TestFrameReaderFollowsTheStandard(t *testing.T) {
	for _, tt := range frameTable {
		t.Run(tt.name, func(t *testing.T) {
			for mode, r := range map[string]io.Reader{
				"at once":      strings.NewReader(tt.input),
				"byte by byte": iotest.OneByteReader(strings.NewReader(tt.input)),
				"halves":       iotest.HalfReader(strings.NewReader(tt.input)),
				"data and EOF": iotest.DataErrReader(strings.NewReader(tt.input)),
			} {
				got, err := frames(t, r, nil)
				if err != nil {
					t.Fatalf("%s: Next() error = %v, want none", mode, err)
				}
				if !reflect.DeepEqual(got, tt.want) {
					t.Errorf("%s: frames = %q, want %q", mode, got, tt.want)
				}
			}
		})
	}
}

func TestCommentsComeWhenAskedFor(t *testing.T) {
	got, err := frames(t, strings.NewReader(":hello\n: ping\ndata: a\n:  x\n\n:\n"), &FrameOptions{Comments: true})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"#hello", "#ping", "# x", "||a", "#"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("frames = %q, want %q", got, want)
	}
}

func TestRawHoldsTheLinesOfAnEvent(t *testing.T) {
	f := NewFrameReader(strings.NewReader(": ping\nid: 4\r\ndata: a\r\nx\r\n\r\ndata:b\n\n"), &FrameOptions{Raw: true})
	for _, want := range []string{"id: 4\ndata: a\nx\n\n", "data:b\n\n"} {
		frame, err := f.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got := string(frame.Raw); got != want {
			t.Errorf("Raw = %q, want %q", got, want)
		}
	}
}

func TestAFrameIsReturnedWhenItsLastByteIsThere(t *testing.T) {
	// The writer waits for the frame before it writes on: a reader that waits
	// for the LF behind a CR, or for the next line, would hang here.
	for _, blank := range []string{"data: a\n\n", "data: a\r\r", "data: a\r\n\r"} {
		pr, pw := io.Pipe()
		f := NewFrameReader(pr, nil)
		done := make(chan error, 1)
		go func() {
			_, err := pw.Write([]byte(blank))
			done <- err
		}()
		frame, err := f.Next()
		if err != nil || string(frame.Data) != "a" {
			t.Errorf("%q: Next() = %v, %v, want the event a", blank, frame, err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		pw.Close()
	}
}

func TestRetryIsDigitsOnly(t *testing.T) {
	tests := []struct {
		value string
		want  time.Duration
	}{
		{"1500", 1500 * time.Millisecond},
		{"0", 0},
		{"-1", 0},
		{"1.5", 0},
		{" 15", 0},
		{"", 0},
		{"99999999999999999999", 0},
		{"9223372036854775807", 0},
	}
	for _, tt := range tests {
		f := NewFrameReader(strings.NewReader("retry: "+tt.value+"\ndata: a\n\n"), nil)
		if _, err := f.Next(); err != nil {
			t.Fatal(err)
		}
		if got := f.Retry(); got != tt.want {
			t.Errorf("retry %q: Retry() = %v, want %v", tt.value, got, tt.want)
		}
	}
}

func TestLimitsEndTheStream(t *testing.T) {
	tests := []struct {
		name  string
		input string
		opts  FrameOptions
		want  error
	}{
		{"a line at the limit passes", "data: abc\n\n", FrameOptions{MaxLineBytes: 9}, nil},
		{"a line over the limit", "data: abcd\n\n", FrameOptions{MaxLineBytes: 9}, ErrLineTooLong},
		{"a line without an end", "data: " + strings.Repeat("a", 100), FrameOptions{MaxLineBytes: 9}, ErrLineTooLong},
		{"a comment over the limit", ":" + strings.Repeat("a", 100) + "\n", FrameOptions{MaxLineBytes: 9}, ErrLineTooLong},
		{"many data lines", strings.Repeat("data: abc\n", 10) + "\n", FrameOptions{MaxFrameBytes: 20}, ErrFrameTooLarge},
		{"many empty data lines", strings.Repeat("data\n", 30) + "\n", FrameOptions{MaxFrameBytes: 20}, ErrFrameTooLarge},
		{"many ignored lines in raw", strings.Repeat("x\n", 100) + "\n", FrameOptions{MaxFrameBytes: 20, MaxLineBytes: 9, Raw: true}, ErrFrameTooLarge},
		{"many events", strings.Repeat("data: abc\n\n", 10), FrameOptions{MaxFrameBytes: 20}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := NewFrameReader(iotest.OneByteReader(strings.NewReader(tt.input)), &tt.opts)
			var err error
			for err == nil {
				_, err = f.Next()
			}
			if errors.Is(err, io.EOF) {
				err = nil
			}
			if !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want %v", err, tt.want)
			}
			if _, again := f.Next(); tt.want != nil && !errors.Is(again, tt.want) {
				t.Errorf("second error = %v, want %v", again, tt.want)
			}
		})
	}
}

func TestReadErrorsComeBehindTheFrames(t *testing.T) {
	broken := errors.New("broken")
	f := NewFrameReader(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(broken)), nil)
	if frame, err := f.Next(); err != nil || string(frame.Data) != "a" {
		t.Fatalf("Next() = %v, %v, want the event a", frame, err)
	}
	for range 2 {
		if _, err := f.Next(); !errors.Is(err, broken) {
			t.Errorf("Next() error = %v, want %v", err, broken)
		}
	}
}

func TestAReaderThatReturnsNothingEnds(t *testing.T) {
	if _, err := NewFrameReader(idle{}, nil).Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("Next() error = %v, want %v", err, io.ErrNoProgress)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// splitReader returns its input in pieces whose sizes are the bytes of cuts.
type splitReader struct {
	data, cuts []byte
}

func (s *splitReader) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := len(s.data)
	if len(s.cuts) > 0 {
		n = min(n, int(s.cuts[0])+1)
		s.cuts = s.cuts[1:]
	}
	n = copy(p, s.data[:n])
	s.data = s.data[n:]
	return n, nil
}

func FuzzSplitsMakeNoDifference(f *testing.F) {
	for _, tt := range frameTable {
		f.Add([]byte(tt.input), []byte{0, 3, 1, 0, 7})
	}
	f.Fuzz(func(t *testing.T, data, cuts []byte) {
		opts := &FrameOptions{Comments: true, Raw: true, MaxLineBytes: 64, MaxFrameBytes: 128}
		read := func(r io.Reader) ([]*Frame, time.Duration, error) {
			fr := NewFrameReader(r, opts)
			var all []*Frame
			for {
				frame, err := fr.Next()
				if err != nil {
					return all, fr.Retry(), err
				}
				frame.Arrived = time.Time{}
				all = append(all, frame)
			}
		}
		whole, retry, err := read(bytes.NewReader(data))
		for name, r := range map[string]io.Reader{
			"cuts":    &splitReader{data: data, cuts: cuts},
			"one":     iotest.OneByteReader(bytes.NewReader(data)),
			"dataErr": iotest.DataErrReader(bytes.NewReader(data)),
		} {
			got, gotRetry, gotErr := read(r)
			if !reflect.DeepEqual(got, whole) || gotRetry != retry || gotErr.Error() != err.Error() {
				t.Errorf("%s: %d frames, %v, %v, want %d frames, %v, %v", name, len(got), gotRetry, gotErr, len(whole), retry, err)
			}
		}
		// The raw lines of the events read back as the same events. The empty line
		// keeps a first line that begins with a byte-order mark what it was.
		again := bytes.NewBufferString("\n")
		for _, frame := range whole {
			if !frame.Comment {
				again.Write(frame.Raw)
			}
		}
		reread, _, _ := read(again)
		i := 0
		for _, frame := range whole {
			if frame.Comment {
				continue
			}
			if i >= len(reread) || string(reread[i].Data) != string(frame.Data) || reread[i].Name != frame.Name {
				t.Fatalf("event %d reads back differently from its raw lines %q", i, frame.Raw)
			}
			i++
		}
	})
}

func BenchmarkFrameReader(b *testing.B) {
	one := `data: {"type":"thread.item.updated","item_id":"msg_1","update":{"type":"assistant_message.content_part.text_delta","content_index":0,"delta":"word "}}` + "\n\n"
	data := strings.Repeat(one, 1000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		f := NewFrameReader(strings.NewReader(data), nil)
		for {
			if _, err := f.Next(); err != nil {
				break
			}
		}
	}
}
