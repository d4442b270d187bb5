package main

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// cookie is the name of the cookie with the session's token.
const cookie = "desk_session"

// A login lets people in and out of the web application.
type login struct {
	users    *users
	sessions *sessions
	secure   bool // the application is reached over https
	tries    tries
}

// identify puts the user of the session, if there is one, into the request's context. It refuses nobody.
func (l *login) identify(c *gin.Context) {
	token, err := c.Cookie(cookie)
	if err != nil {
		return
	}
	name, err := l.sessions.user(c.Request.Context(), token)
	if err != nil {
		slog.ErrorContext(c.Request.Context(), "identify", "err", err)
	}
	if name != "" {
		c.Request = c.Request.WithContext(withUser(c.Request.Context(), name))
	}
}

// required sends those without a session to the login page. The chat and the uploads do not need it: they ask owner.
func (l *login) required(c *gin.Context) {
	if _, err := owner(c.Request.Context()); err != nil {
		c.Redirect(http.StatusSeeOther, "/login")
		c.Abort()
	}
}

// show serves the form.
func (l *login) show(c *gin.Context) {
	if _, err := owner(c.Request.Context()); err == nil {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	render(c, http.StatusOK, "login.html", gin.H{})
}

// enter takes the form. A new session begins with a new token, so one that somebody else put into the browser
// before is worth nothing.
func (l *login) enter(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, 4096)
	who := guesser{c.ClientIP(), c.PostForm("name")}
	name, password := who.name, c.PostForm("password")
	pause, allowed := l.tries.begin(who, l.sessions.now())
	if !allowed {
		render(c, http.StatusTooManyRequests, "login.html", gin.H{"Name": name, "Trouble": "Too many tries. Wait a minute."})
		return
	}
	select {
	case <-time.After(pause):
	case <-c.Request.Context().Done():
		return // nobody waits for the answer
	}
	ok, err := l.users.check(c.Request.Context(), name, password)
	if err == nil && !ok {
		render(c, http.StatusUnauthorized, "login.html", gin.H{"Name": name, "Trouble": "This name and this password do not go together."})
		return
	}
	var token string
	if err == nil {
		l.tries.forgive(who)
		token, err = l.sessions.begin(c.Request.Context(), name)
	}
	if err != nil {
		fail(c, err)
		return
	}
	http.SetCookie(c.Writer, l.cookie(token, int(sessionLife/time.Second)))
	c.Redirect(http.StatusSeeOther, "/")
}

// leave ends the session here and in the browser.
func (l *login) leave(c *gin.Context) {
	if token, err := c.Cookie(cookie); err == nil {
		if err := l.sessions.end(c.Request.Context(), token); err != nil {
			fail(c, err)
			return
		}
	}
	http.SetCookie(c.Writer, l.cookie("", -1))
	c.Header("Clear-Site-Data", `"cache"`) // the back button leads to no page of before
	c.Redirect(http.StatusSeeOther, "/login")
}

// cookie keeps the token from scripts, and from requests that other sites make.
func (l *login) cookie(token string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: cookie, Value: token, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: l.secure, SameSite: http.SameSiteLaxMode,
	}
}

// tries counts logins that failed, of the last minute. It is safe for concurrent use.
type tries struct {
	mu    sync.Mutex
	since time.Time
	all   int
	count map[guesser]int
}

// A guesser is who tries to log in as whom. By the address alone, one who guesses would keep out all others behind the
// same proxy; by the name alone, its owner.
type guesser struct{ address, name string }

const (
	maxTries = 20          // of a guesser in a minute
	maxPause = time.Second // of everybody, so that nobody is kept out
)

// begin counts a try as failed, since many may be waiting for their answer at once. Before the password is looked at,
// everybody pauses the longer the more tries have failed, whoever made them. All counts begin anew each minute, so they
// need no clearing up.
func (t *tries) begin(g guesser, now time.Time) (pause time.Duration, allowed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil || now.Sub(t.since) >= time.Minute {
		t.since, t.all, t.count = now, 0, map[guesser]int{}
	}
	if t.count[g] >= maxTries {
		return 0, false
	}
	pause = min(time.Duration(t.all/maxTries)*100*time.Millisecond, maxPause)
	t.all++
	t.count[g]++
	return pause, true
}

// forgive takes back a try that did not fail.
func (t *tries) forgive(g guesser) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count[g] > 0 { // its minute may be over
		t.all--
		t.count[g]--
	}
}
