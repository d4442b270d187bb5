package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// asked are the headers that a page with the official client sends, in the form in which browsers ask.
// Accept-Language is allowed anyway, so they do not ask for it.
var asked = []string{"authorization", "chatkit-frame-instance-id", "content-type"}

// preflight asks what a browser asks before it lets a page of another origin send a request.
func (d *doctor) preflight(ctx context.Context) error {
	if d.cfg.Origin == "" {
		d.add("CORS", Skip, "only pages of another origin need it", "Name one to check: --origin https://shop.example.com")
		return nil
	}
	question := strings.Join(asked, ",")
	a, err := d.send(ctx, http.MethodOptions, "", func(h http.Header) {
		h.Del("Authorization") // a browser asks without
		h.Set("Origin", d.cfg.Origin)
		h.Set("Access-Control-Request-Method", http.MethodPost)
		h.Set("Access-Control-Request-Headers", question)
	})
	if err != nil {
		return err
	}
	saw := fmt.Sprintf("OPTIONS from %s: %d", d.cfg.Origin, a.status)
	const use = "Allow the origin with its headers; in Go, package core/cors does."
	origin := a.header.Get("Access-Control-Allow-Origin")
	switch {
	case a.status < 200 || a.status > 299:
		d.add("CORS preflight", Fail, saw, use+" The preflight comes without a login: answer it before that is checked.")
	case origin != d.cfg.Origin && origin != "*":
		d.add("CORS preflight", Fail, fmt.Sprintf("%s, Access-Control-Allow-Origin: %q", saw, origin), use)
	default:
		d.add("CORS preflight", OK, saw+", the origin is allowed", "")
		d.allowed(a, origin)
	}
	return d.corsAnswers(ctx)
}

// allowed checks what else a preflight has to allow.
func (d *doctor) allowed(a *answer, origin string) {
	list := strings.ToLower(strings.Join(a.header.Values("Access-Control-Allow-Headers"), ","))
	var missing []string
	for _, name := range asked {
		found := false
		for item := range strings.SplitSeq(list, ",") {
			item = strings.TrimSpace(item)
			// A star does not stand for a login.
			found = found || item == name || item == "*" && name != "authorization"
		}
		if !found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		d.add("CORS headers", Fail, "not allowed: "+strings.Join(missing, ", "), "Add them to Access-Control-Allow-Headers: without them the chat stays empty.")
	} else {
		d.add("CORS headers", OK, "allowed: "+strings.Join(asked, ", "), "")
	}
	if origin != "*" && !strings.Contains(strings.ToLower(strings.Join(a.header.Values("Vary"), ",")), "origin") {
		d.add("CORS vary", Warn, "the answer depends on the origin and does not say so", "Add Vary: Origin, or a cache gives one page's answer to another.")
	}
}

// corsAnswers checks that pages can read answers and refusals.
func (d *doctor) corsAnswers(ctx context.Context) error {
	for _, c := range []struct{ what, body string }{
		{"an answer", goodRequest}, {"a refusal", `{"type":"doctor.unknown","params":{}}`},
	} {
		a, err := d.send(ctx, http.MethodPost, c.body, func(h http.Header) { h.Set("Origin", d.cfg.Origin) })
		if err != nil {
			return err
		}
		origin := a.header.Get("Access-Control-Allow-Origin")
		if origin != d.cfg.Origin && origin != "*" {
			d.add("CORS of "+c.what, Fail, fmt.Sprintf("%d, Access-Control-Allow-Origin: %q", a.status, origin),
				"Set it on every answer, on refusals too: without it the page cannot read what went wrong.")
			continue
		}
		d.add("CORS of "+c.what, OK, fmt.Sprintf("%d, readable from %s", a.status, d.cfg.Origin), "")
	}
	return nil
}
