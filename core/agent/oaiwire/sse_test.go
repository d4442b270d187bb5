package oaiwire

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gochatkit/chatkit/core/agent"
)

type frame struct {
	name, data string
	whole      bool
}

func frames(r io.Reader, limit int) ([]frame, error) {
	s := NewReader(r, limit)
	var out []frame
	for {
		f, err := s.Next()
		if err != nil {
			return out, err
		}
		out = append(out, frame{string(f.Name), string(f.Data), f.Whole})
	}
}

func TestReader(t *testing.T) {
	tests := []struct {
		name, body string
		want       []frame
	}{
		{"LF", "event: a\ndata: 1\n\ndata: 2\n\n", []frame{{"a", "1", true}, {"", "2", true}}},
		{"CRLF", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", []frame{{"a", "1", true}, {"", "2", true}}},
		{"CR", "event: a\rdata: 1\r\rdata: 2\r\r", []frame{{"a", "1", true}, {"", "2", true}}},
		{"mixed line ends", "data: 1\r\n\ndata: 2\n\r\ndata: 3\r\r\n", []frame{{"", "1", true}, {"", "2", true}, {"", "3", true}}},
		{"byte order mark", "\ufeffdata: 1\n\n", []frame{{"", "1", true}}},
		{"a mark later is data", "data: \ufeff\n\n", []frame{{"", "\ufeff", true}}},
		{"comments", ": hello\n\n: there\n\ndata: 1\n: inside\n\n", []frame{{"", "1", true}}},
		{"several data lines", "data: 1\ndata:2\ndata\ndata:  3\n\n", []frame{{"", "1\n2\n\n 3", true}}},
		{"no event field", "data: 1\n\n", []frame{{"", "1", true}}},
		{"an event without data is none", "event: ping\n\ndata: 1\n\n", []frame{{"", "1", true}}},
		{"empty data is an event", "data:\n\n", []frame{{"", "", true}}},
		{"other fields", "id: 7\nretry: 3\nfoo: x\ndata: 1\n\n", []frame{{"", "1", true}}},
		{"the rest without a blank line", "data: 1\n\ndata: 2\n", []frame{{"", "1", true}, {"", "2", false}}},
		{"the rest without a line end", "data: 1\n\ndata: 2", []frame{{"", "1", true}, {"", "2", false}}},
		{"nothing", "", nil},
		{"only line ends", "\n\r\n\r", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for way, r := range map[string]io.Reader{
				"at once":          strings.NewReader(tt.body),
				"byte by byte":     iotest.OneByteReader(strings.NewReader(tt.body)),
				"data with EOF":    iotest.DataErrReader(strings.NewReader(tt.body)),
				"in halves":        iotest.HalfReader(strings.NewReader(tt.body)),
				"with empty reads": &emptyReads{r: strings.NewReader(tt.body)},
			} {
				got, err := frames(r, 0)
				if err != io.EOF {
					t.Errorf("%s: error = %v, want EOF", way, err)
				}
				if !reflect.DeepEqual(got, tt.want) {
					t.Errorf("%s: frames = %v, want %v", way, got, tt.want)
				}
			}
		})
	}
}

// emptyReads returns nothing every other time.
type emptyReads struct {
	r  io.Reader
	on bool
}

func (e *emptyReads) Read(p []byte) (int, error) {
	if e.on = !e.on; e.on {
		return 0, nil
	}
	return e.r.Read(p[:1])
}

func TestReaderLimitsAnEvent(t *testing.T) {
	long := strings.Repeat("x", 9000)
	for name, body := range map[string]string{
		"one line":   "data: " + long + "\n\n",
		"many lines": strings.Repeat("data: "+long[:900]+"\n", 10) + "\n",
		"a comment":  ":" + long + "\n\n",
	} {
		if _, err := frames(strings.NewReader(body), 8192); !errors.Is(err, ErrEventTooLong) {
			t.Errorf("%s: error = %v, want ErrEventTooLong", name, err)
		}
		if _, err := frames(strings.NewReader(body), 16384); err != io.EOF {
			t.Errorf("%s: error = %v under a higher limit, want EOF", name, err)
		}
	}
}

func TestAStreamLimitsAnEvent(t *testing.T) {
	body := "data: {\"type\":\"response.output_text.delta\",\"delta\":\"" + strings.Repeat("x", 9000) + "\"}\n\n"
	for limit, want := range map[int]error{8192: ErrEventTooLong, 16384: agent.ErrTruncated} {
		var got error
		for _, err := range ResponsesStream(strings.NewReader(body), MaxEvent(limit)) {
			got = errors.Join(got, err)
		}
		if !errors.Is(got, want) {
			t.Errorf("at most %d bytes: error = %v, want %v", limit, got, want)
		}
	}
}

func TestReaderReportsABrokenBody(t *testing.T) {
	broken := errors.New("connection reset")
	got, err := frames(io.MultiReader(strings.NewReader("data: 1\n\ndata: 2\n"), iotest.ErrReader(broken)), 0)
	if !errors.Is(err, broken) {
		t.Errorf("error = %v, want the body's", err)
	}
	if want := []frame{{"", "1", true}}; !reflect.DeepEqual(got, want) {
		t.Errorf("frames = %v, want %v: half an event is none", got, want)
	}
}

func FuzzReader(f *testing.F) {
	f.Add("event: a\r\ndata: 1\r\rdata: 2\n\n", 3)
	f.Add("\ufeff: c\ndata\n\n", 1)
	f.Fuzz(func(t *testing.T, body string, n int) {
		whole, err := frames(strings.NewReader(body), 0)
		if err != io.EOF {
			t.Fatalf("error = %v, want EOF", err)
		}
		split, err := frames(&chunks{strings.NewReader(body), max(1, n)}, 0)
		if err != io.EOF || !reflect.DeepEqual(split, whole) {
			t.Fatalf("in pieces of %d: %v, %v, want %v", n, split, err, whole)
		}
	})
}

type chunks struct {
	r io.Reader
	n int
}

func (c *chunks) Read(p []byte) (int, error) { return c.r.Read(p[:min(len(p), c.n)]) }
