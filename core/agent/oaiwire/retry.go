package oaiwire

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
)

// failure reads the error that a response describes, and closes it.
func failure(res *http.Response) *agent.Error {
	defer res.Body.Close()
	// An unreadable body says no more than the status alone.
	body, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return ParseError(res.StatusCode, res.Header, body)
}

// ParseError reads what a provider says about a request that it refused with a status.
func ParseError(status int, header http.Header, body []byte) *agent.Error {
	e := parseError(body)
	if e == nil || !json.Valid(body) {
		e = &agent.Error{Message: http.StatusText(status)} // a page for people
	}
	e.Status = status
	e.RetryAfter = retryAfter(header, time.Now())
	return e
}

// retryAfter reads how long the provider asks to wait: milliseconds, seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return clamp(ms * float64(time.Millisecond))
	}
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 {
		return clamp(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

func clamp(ns float64) time.Duration { return time.Duration(min(ns, float64(24*time.Hour))) }

// again reports whether a request that was refused may be repeated.
func again(res *http.Response, e *agent.Error) bool {
	switch res.Header.Get("X-Should-Retry") {
	case "true":
		return true
	case "false":
		return false
	}
	if e.Quota() {
		return false // a 429 that waiting does not cure
	}
	switch s := res.StatusCode; s {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return true
	default:
		return s >= 500
	}
}

// delay is how long to wait before the next try.
func (c *Client) delay(try int, e *agent.Error) time.Duration {
	limit := c.MaxRetryDelay
	if limit <= 0 {
		limit = 5 * time.Second
	}
	d := 500 * time.Millisecond << min(try, 10)
	d -= time.Duration(rand.Int64N(int64(d / 4))) // so that many clients do not come back at once
	if e != nil && e.RetryAfter > 0 {
		d = e.RetryAfter
	}
	return min(d, limit)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
