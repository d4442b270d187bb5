package chat

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
)

// Where a file goes is the server's choice, so the user hears of it, and an encrypted way stays one.
func TestWhereAFileGoesIsTheServersChoiceWithinLimits(t *testing.T) {
	for _, c := range []struct{ home, address, want, said string }{
		{"https://chat.example.com/chatkit", "/files/1?token=x", "https://chat.example.com/files/1?token=x", ""},
		{"https://chat.example.com/chatkit", "https://bucket.example.net/1?sig=secret", "https://bucket.example.net/1?sig=secret", "the file goes to https://bucket.example.net\n"},
		{"https://chat.example.com/chatkit", "https://chat.example.com@bucket.example.net/1", "https://chat.example.com@bucket.example.net/1", "the file goes to https://bucket.example.net\n"},
		{"https://chat.example.com/chatkit", "https://chat.example.com:8443/1", "https://chat.example.com:8443/1", "the file goes to https://chat.example.com:8443\n"},
		{"http://localhost:8000/chatkit", "http://localhost:8000/files/1", "http://localhost:8000/files/1", ""},
		{"http://localhost:8000/chatkit", "https://localhost:8000/files/1", "https://localhost:8000/files/1", "the file goes to https://localhost:8000\n"},
		{"https://chat.example.com/chatkit", "http://chat.example.com/files/1", "", ""},
		{"https://chat.example.com/chatkit", "http://127.0.0.1/files/1", "", ""},
		{"https://chat.example.com/chatkit", "file:///etc/passwd", "", ""},
		{"https://chat.example.com/chatkit", "https:///files", "", ""},
	} {
		to, err := target.Parse(c.home, nil)
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		s := New(Config{Target: to, Screen: terminal.New(io.Discard, &said)})
		got, err := s.destination(c.address)
		if c.want == "" {
			if err == nil {
				t.Errorf("from %s to %s = %s, want an error", c.home, c.address, got)
			}
			continue
		}
		if err != nil || got.String() != c.want || said.String() != c.said || strings.Contains(said.String(), "secret") {
			t.Errorf("from %s to %s = %v, %v, said %q, want %q", c.home, c.address, got, err, &said, c.said)
		}
	}
}
