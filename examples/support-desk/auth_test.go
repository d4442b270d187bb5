package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestOnlyTheRightPasswordLogsIn(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	for _, tt := range []struct {
		name, password string
		status         int
	}{
		{"alice", "secret", http.StatusSeeOther},
		{"bob", "secret", http.StatusSeeOther},
		{"alice", "Secret", http.StatusUnauthorized},
		{"alice", "", http.StatusUnauthorized},
		{"", "", http.StatusUnauthorized},
		{"mallory", "secret", http.StatusUnauthorized},
		{"alice", strings.Repeat("s", 300), http.StatusUnauthorized},
		{"alice", strings.Repeat("s", 10_000), http.StatusUnauthorized},
	} {
		session, res := s.enter(tt.name, tt.password)
		if res.StatusCode != tt.status || (session != "") != (tt.status == http.StatusSeeOther) {
			t.Errorf("login of %q with %.20q = %d, session %q, want %d", tt.name, tt.password, res.StatusCode, session, tt.status)
		}
	}
}

func TestTheCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	_, res := s.enter("alice", "secret")
	cookies := res.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies, want one", len(cookies))
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure {
		t.Errorf("cookie = %s, want HttpOnly, SameSite=Lax, and Secure on https only", c)
	}
	l := &login{secure: true}
	if !l.cookie("x", 1).Secure {
		t.Error("the cookie is not Secure on https")
	}
	_, again := s.enter("alice", "secret")
	if again.Cookies()[0].Value == cookies[0].Value {
		t.Error("two logins have one token")
	}
}

func TestWithoutALoginThereIsNothingToSee(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	for _, session := range []string{"", cookie + "=", cookie + "=AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		for _, path := range []string{"/", "/chat/"} {
			if res := s.get(path, session); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/login" {
				t.Errorf("GET %s = %d to %q, want 303 to /login", path, res.StatusCode, res.Header.Get("Location"))
			}
		}
		for _, path := range []string{"/chatkit", "/files"} {
			res := s.post(path, session, "application/json", strings.NewReader(`{"type":"threads.list","params":{}}`))
			kind, text := res.Header.Get("Content-Type"), body(t, res)
			if res.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(kind, "application/json") || !strings.Contains(text, `"message"`) {
				t.Errorf("POST %s = %d %s %s, want 401 with a message as JSON", path, res.StatusCode, kind, text)
			}
		}
	}
}

func TestALogoutEndsTheSessionItself(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	if res := s.post("/logout", c.session, "application/x-www-form-urlencoded", nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("logout = %d, want 303", res.StatusCode)
	}
	_, err := c.Thread(t.Context(), "any")
	if got := statusOf(err); got != http.StatusUnauthorized {
		t.Errorf("with the old cookie = %v, want 401", err)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	clock := today()
	s := start(t, t.TempDir(), settings{now: func() time.Time { return clock }})
	c := s.customer("alice")
	clock = clock.Add(sessionLife - time.Minute)
	if res := s.get("/", c.session); res.StatusCode != http.StatusOK {
		t.Errorf("just before = %d, want 200", res.StatusCode)
	}
	clock = clock.Add(2 * time.Minute)
	if res := s.get("/", c.session); res.StatusCode != http.StatusSeeOther {
		t.Errorf("just after = %d, want 303", res.StatusCode)
	}
}

func TestOtherSitesCannotActForACustomer(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	for _, path := range []string{"/login", "/logout", "/chatkit", "/files"} {
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader("name=alice&password=secret"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(name, value)
			if res := s.do(r, c.session); res.StatusCode != http.StatusForbidden {
				t.Errorf("POST %s with %s: %s = %d, want 403", path, name, value, res.StatusCode)
			}
		}
	}
	if res := s.get("/", c.session); res.StatusCode != http.StatusOK {
		t.Errorf("afterwards = %d, want the session to go on", res.StatusCode)
	}
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	var guesses tries
	alice := guesser{"192.0.2.1", "alice"}
	for i := range maxTries {
		if _, ok := guesses.begin(alice, today()); !ok {
			t.Fatalf("try %d is refused", i+1)
		}
	}
	if _, ok := guesses.begin(alice, today()); ok {
		t.Error("one try more is allowed")
	}
	for _, other := range []guesser{{"192.0.2.1", "bob"}, {"192.0.2.2", "alice"}} {
		if pause, ok := guesses.begin(other, today()); !ok || pause == 0 {
			t.Errorf("%v: allowed = %v after %v, want it after a pause", other, ok, pause)
		}
	}
	for i := range 10_000 { // names are free
		guesses.begin(guesser{"192.0.2.3", strconv.Itoa(i)}, today())
	}
	if pause, ok := guesses.begin(guesser{"192.0.2.1", "bob"}, today()); !ok || pause != maxPause {
		t.Errorf("somebody else: allowed = %v after %v, want it after %v", ok, pause, maxPause)
	}
	if pause, ok := guesses.begin(alice, today().Add(time.Minute)); !ok || pause != 0 {
		t.Errorf("a minute later: allowed = %v after %v, want it at once", ok, pause)
	}
}

// All requests of the test come from one address, as all do behind a proxy.
func TestOneWhoGuessesKeepsNobodyElseOut(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	for range maxTries {
		if _, res := s.enter("bob", "secret"); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("a right password = %d, want it to count as no try", res.StatusCode)
		}
	}
	for i := range maxTries + 1 {
		want := http.StatusUnauthorized
		if i == maxTries {
			want = http.StatusTooManyRequests
		}
		if _, res := s.enter("alice", "guess"); res.StatusCode != want {
			t.Errorf("guess %d = %d, want %d", i+1, res.StatusCode, want)
		}
	}
	if _, res := s.enter("bob", "secret"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("somebody else = %d, want 303", res.StatusCode)
	}
}

// Only who is trusted can say from which address a request comes.
func TestProxiesAreAskedForTheAddress(t *testing.T) {
	for _, proxies := range [][]string{nil, {"127.0.0.0/8"}} {
		s := start(t, t.TempDir(), settings{proxies: proxies})
		last := 0
		for i := range maxTries + 1 {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/login", strings.NewReader("name=alice&password=guess"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Forwarded-For", "192.0.2."+strconv.Itoa(i))
			last = s.do(r, "").StatusCode
		}
		if refused := last == http.StatusTooManyRequests; refused != (proxies == nil) {
			t.Errorf("with proxies %v, a try from another address = %d", proxies, last)
		}
	}
	dir := t.TempDir()
	if a, err := open(t.Context(), settings{db: dir + "/desk.db", uploads: dir + "/uploads", url: "http://x", now: today, proxies: []string{"nowhere"}}); err == nil {
		t.Error("a proxy without an address is accepted", a.close())
	}
}

func TestWhoSendsSlowlyKeepsNoConnection(t *testing.T) {
	defer func(d time.Duration) { readTime = d }(readTime)
	readTime = time.Second
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	address := strings.TrimPrefix(s.url, "http://")
	slow := map[string]net.Conn{}
	for _, path := range []string{"/login", "/logout", "/", "/nothing", "/chatkit"} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=", path, address, c.session)
		slow[path] = conn
	}
	for path, conn := range slow {
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("POST %s: the connection is kept, want it closed", path)
		}
		conn.Close()
	}
	// Uploads may take their time.
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file, err := w.CreateFormFile("file", "note.txt")
	if err == nil {
		_, err = io.WriteString(file, "a note")
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	head, wait := form.Next(20), sync.OnceFunc(func() { time.Sleep(2 * readTime) })
	rest := readerFunc(func(p []byte) (int, error) {
		wait()
		return form.Read(p)
	})
	if res := s.post("/files", s.customer("bob").session, w.FormDataContentType(), io.MultiReader(bytes.NewReader(head), rest)); res.StatusCode != http.StatusOK {
		t.Errorf("a slow upload = %d %s, want 200", res.StatusCode, body(t, res))
	}
}

// A readerFunc reads by calling itself.
type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestTheFileHasNeitherPasswordsNorTokens(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	_, token, _ := strings.Cut(c.session, "=")
	for _, query := range []string{
		`SELECT count(*) FROM desk_users WHERE hash = CAST('secret' AS BLOB)`,
		`SELECT count(*) FROM desk_sessions WHERE token = CAST('` + token + `' AS BLOB)`,
	} {
		var n int
		if err := s.app.db.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s = %d, %v, want none", query, n, err)
		}
	}
	var salts int
	if err := s.app.db.QueryRowContext(t.Context(), `SELECT count(DISTINCT salt) FROM desk_users`).Scan(&salts); err != nil || salts != 2 {
		t.Errorf("%d salts, %v, want one each", salts, err)
	}
}

func TestPagesAreServedFromOneAddressWithAPolicy(t *testing.T) {
	s := start(t, t.TempDir(), settings{})
	c := s.customer("alice")
	for _, path := range []string{"/", "/chat/", "/assets/desk.css"} {
		res := s.get(path, c.session)
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("GET %s = %d with policy %q", path, res.StatusCode, res.Header.Get("Content-Security-Policy"))
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/login", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "localhost:1"
	if res := s.do(r, ""); res.StatusCode != http.StatusFound || res.Header.Get("Location") != s.url+"/login" {
		t.Errorf("by another name = %d to %q, want a redirect to %s/login", res.StatusCode, res.Header.Get("Location"), s.url)
	}
}
