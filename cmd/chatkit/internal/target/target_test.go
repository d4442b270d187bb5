package target

import (
	"net/url"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"http://localhost:8000/chatkit", "http://localhost:8000/chatkit"},
		{"localhost:8000/chatkit", "http://localhost:8000/chatkit"},
		{"127.0.0.1:8000", "http://127.0.0.1:8000"},
		{"chat.example.com/chatkit", "https://chat.example.com/chatkit"},
		{"127.9.9.9/chatkit", "http://127.9.9.9/chatkit"},
		{"[::1]:8000/chatkit", "http://[::1]:8000/chatkit"},
		{"127.example.com/chatkit", "https://127.example.com/chatkit"},
		{"localhost.example.com", "https://localhost.example.com"},
		{"10.0.0.1", "https://10.0.0.1"},
		{"[2001:db8::1]/x", "https://[2001:db8::1]/x"},
	} {
		got, err := Parse(c.address, nil)
		if err != nil || got.URL.String() != c.want {
			t.Errorf("Parse(%q) = %v, %v, want %s", c.address, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "ftp://host/x", "http://", "http://a b/", "://"} {
		if got, err := Parse(bad, nil); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", bad, got)
		}
	}
}

func TestHeaders(t *testing.T) {
	got, err := Parse("http://ann:secret@localhost/chat?key=k", []string{"X-User: ann", "x-empty:"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("X-User") != "ann" || !strings.HasPrefix(got.Header.Get("Authorization"), "Basic ") {
		t.Errorf("headers = %v, want the user and the login", got.Header)
	}
	if s := got.String(); strings.Contains(s, "secret") || strings.Contains(s, "key=") {
		t.Errorf("String() = %q, want no secret", s)
	}
	for _, bad := range []string{"no colon", ": value", "a b: c", "X: a\r\nY: b"} {
		if _, err := Parse("http://localhost", []string{bad}); err == nil {
			t.Errorf("header %q: no error", bad)
		}
	}
}

// An upload address may belong to somebody else.
func TestHeadersGoToNoOtherHost(t *testing.T) {
	home, err := Parse("https://chat.example.com/chatkit", []string{"Authorization: Bearer x"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://chat.example.com/files/1": "Bearer x",
		"https://bucket.example.net/1":     "",
		"http://chat.example.com/files/1":  "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := home.Beside(u).Header.Get("Authorization"); got != want {
			t.Errorf("Authorization for %s = %q, want %q", address, got, want)
		}
	}
}
