package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
)

// goodRequest is one that every server answers and that changes nothing.
const goodRequest = `{"type":"threads.list","params":{"limit":1}}`

func (d *doctor) unknownType(ctx context.Context) error {
	a, err := d.send(ctx, http.MethodPost, `{"type":"doctor.unknown","params":{}}`, nil)
	return d.judgeRefusal("unknown type", "a request of a type that nobody knows", a, err, 400, 404, 422, 501)
}

func (d *doctor) refusals(ctx context.Context) error {
	for _, c := range []struct{ check, what, body string }{
		{"bad JSON", "half an object", `{"type":"threads.list","params":{`},
		{"missing parameters", "a thread to read without its id", `{"type":"threads.get_by_id","params":{}}`},
		{"bad input", "a message without content", `{"type":"threads.create","params":{"input":{}}}`},
	} {
		a, err := d.send(ctx, http.MethodPost, c.body, nil)
		if err := d.judgeRefusal(c.check, c.what, a, err, 400, 422); err != nil {
			return err
		}
	}
	return nil
}

func (d *doctor) unknownThread(ctx context.Context) error {
	for _, c := range []struct{ check, what, body string }{
		{"unknown thread", "a thread that does not exist", `{"type":"threads.get_by_id","params":{"thread_id":"thr_doctor_none"}}`},
		{
			"message to no thread", "a message to a thread that does not exist",
			`{"type":"threads.add_user_message","params":{"thread_id":"thr_doctor_none","input":{"content":[{"type":"input_text","text":"Hi"}],"attachments":[],"inference_options":{}}}}`,
		},
	} {
		a, err := d.send(ctx, http.MethodPost, c.body, nil)
		if err := d.judgeRefusal(c.check, c.what, a, err, 404); err != nil {
			return err
		}
	}
	return nil
}

// contentType checks that a form of another site, which browsers send without asking, is no request.
func (d *doctor) contentType(ctx context.Context) error {
	a, err := d.send(ctx, http.MethodPost, goodRequest, func(h http.Header) { h.Set("Content-Type", "text/plain") })
	if err != nil {
		return err
	}
	if a.status < 400 {
		d.add("content type", Warn, fmt.Sprintf("a request as text/plain: %d", a.status),
			"Refuse it with 415: pages of other sites can send it, with the user's cookies, without asking (CORS).")
		return nil
	}
	return d.judgeRefusal("content type", "a request as text/plain", a, nil, 415)
}

func (d *doctor) otherMethods(ctx context.Context) error {
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		a, err := d.send(ctx, method, "", nil)
		if err != nil {
			return err
		}
		saw := fmt.Sprintf("%s: %d", method, a.status)
		switch {
		case a.status == http.StatusMethodNotAllowed && a.header.Get("Allow") == "":
			d.add("method "+method, Warn, saw+" without Allow", "Say which methods there are: Allow: POST.")
		case a.status == http.StatusMethodNotAllowed:
			d.add("method "+method, OK, saw+", Allow: "+a.header.Get("Allow"), "")
		case a.status >= 500 && a.status != http.StatusNotImplemented:
			d.add("method "+method, Fail, saw, "Answer with 405 and Allow: POST.")
		case a.status >= 300:
			d.add("method "+method, Warn, saw, "The usual answer is 405 with Allow: POST.")
		default:
			d.add("method "+method, Warn, saw, "Only POST is a request; whatever this answers, is it meant to be here?")
		}
	}
	a, err := d.send(ctx, http.MethodOptions, "", nil)
	if err != nil {
		return err
	}
	if a.status >= 500 && a.status != http.StatusNotImplemented {
		d.add("method OPTIONS", Fail, fmt.Sprintf("OPTIONS: %d", a.status), "Answer with 204 or 405.")
	} else {
		d.add("method OPTIONS", OK, fmt.Sprintf("OPTIONS: %d", a.status), "")
	}
	return nil
}

// limits checks that the size of a page is the server's decision.
func (d *doctor) limits(ctx context.Context) error {
	for _, limit := range []string{"9999", "0", "-1", "1000000000"} {
		a, err := d.send(ctx, http.MethodPost, `{"type":"threads.list","params":{"limit":`+limit+`,"order":"desc"}}`, nil)
		if err != nil {
			return err
		}
		saw := fmt.Sprintf("a page of %s threads: %d", limit, a.status)
		n := strings.Count(string(a.body), `"created_at"`)
		switch {
		case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
			d.add("page limit", Skip, saw, `Log in: -H "Authorization: …".`)
			return nil
		case a.status >= 500:
			d.add("page limit", Fail, saw, "Clamp the limit: the official client asks for 9999.")
			return nil
		case limit == "9999" && a.status != 200:
			d.add("page limit", Fail, saw, "Answer it, with a page of your size: the official client asks for 9999.")
			return nil
		case n > 1000:
			d.add("page limit", Warn, fmt.Sprintf("%s, %d threads in it", saw, n), "Clamp the limit, to 100 for example, and set has_more.")
			return nil
		}
	}
	d.add("page limit", OK, "pages of 9999, 0, -1 and 10⁹ are answered or refused", "")
	return nil
}

// largeBody checks that there is a limit.
func (d *doctor) largeBody(ctx context.Context) error {
	mib := float64(d.cfg.BodyBytes) / (1 << 20)
	body := `{"type":"doctor.unknown","params":{"pad":"` + strings.Repeat("x", d.cfg.BodyBytes) + `"}}`
	a, err := d.send(ctx, http.MethodPost, body, nil)
	switch {
	case arrival.Unreachable(err):
		return err
	case err != nil:
		d.add("body limit", OK, fmt.Sprintf("a body of %.0f MiB: the connection was closed", mib), "")
	case a.status == http.StatusRequestEntityTooLarge:
		d.add("body limit", OK, fmt.Sprintf("a body of %.0f MiB: 413", mib), "")
	case a.status >= 500:
		d.add("body limit", Fail, fmt.Sprintf("a body of %.0f MiB: %d", mib, a.status), "Answer with 413: clients send a request again after 5xx.")
	default:
		d.add("body limit", Warn, fmt.Sprintf("a body of %.0f MiB was read: %d", mib, a.status),
			"Limit bodies, to 1 MiB for example and more for dictations, and answer with 413.")
	}
	return nil
}
