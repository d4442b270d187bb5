package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
)

// maxAnswer limits what is read of an answer, in bytes.
const maxAnswer = 4 << 20

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request with the target's headers, and what change does to it. It notes the thread that
// the answer names, if it does: what should be refused may have been taken.
func (d *doctor) send(ctx context.Context, method, body string, change func(http.Header)) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, d.cfg.Target.URL.String(), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range d.cfg.Target.Header {
		req.Header[name] = values
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(req.Header)
	}
	client := d.cfg.Target.HTTP()
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil && len(text) == 0 {
		return nil, err
	}
	a := &answer{res.StatusCode, res.Header, text}
	if media(a) == "text/event-stream" {
		d.readFrames(bytes.NewReader(text))
	}
	return a, nil
}

// judgeRefusal checks an answer that should be a refusal for the user to read.
func (d *doctor) judgeRefusal(check, what string, a *answer, err error, statuses ...int) error {
	if err != nil {
		if arrival.Unreachable(err) {
			return err
		}
		d.add(check, Fail, what+": "+err.Error(), "Answer it with a status of 4xx.")
		return nil
	}
	saw := fmt.Sprintf("%s: %d", what, a.status)
	switch {
	case a.status >= 500 && a.status != http.StatusNotImplemented:
		d.add(check, Fail, saw, "Answer with 4xx: clients send a request again, up to five times, after 5xx.")
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		d.add(check, Skip, saw, `Log in: -H "Authorization: …".`)
	case a.status < 400 && media(a) != "text/event-stream":
		d.add(check, Fail, saw+" "+media(a), "Refuse it with 4xx: clients take the answer for a success, or send the request again.")
	case a.status < 400:
		d.add(check, Fail, saw+", a stream", "Refuse it with 4xx before the stream begins, and before anything is stored.")
	default:
		message, shaped := messageOf(a)
		switch {
		case !shaped:
			d.add(check, Warn, saw+" "+media(a), `Answer with JSON {"message": "…"}: that text is what users read.`)
		case len(statuses) > 0 && !slices.Contains(statuses, a.status):
			d.add(check, Warn, fmt.Sprintf("%s %q", saw, message), fmt.Sprintf("The usual status is %d.", statuses[0]))
		default:
			d.add(check, OK, fmt.Sprintf("%s %q", saw, message), "")
		}
	}
	return nil
}

// messageOf is the text of a refusal, and whether it has the shape that clients read.
func messageOf(a *answer) (string, bool) {
	var doc struct {
		Message *string `json:"message"`
	}
	if media(a) != "application/json" || json.Unmarshal(a.body, &doc) != nil || doc.Message == nil || *doc.Message == "" {
		return "", false
	}
	return *doc.Message, true
}

func media(a *answer) string {
	m, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	return m
}
