package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// maxDocumentBytes limits the answer to a request that does not stream, and
// the body of an error.
const maxDocumentBytes = 64 << 20

// A Client posts ChatKit requests to one server. It is safe for concurrent use.
type Client struct {
	url      string
	http     *http.Client
	header   http.Header
	limits   FrameOptions
	onFrame  func(*Frame)
	keepText bool
}

// An Option changes a [Client] that [New] makes.
type Option func(*Client)

// New returns a client of the server at url, the one address at which it
// answers all requests.
func New(url string, opts ...Option) *Client {
	c := &Client{url: url, http: &http.Client{}, header: http.Header{}}
	for _, o := range opts {
		o(c)
	}
	return c
}

// WithHTTPClient makes the client send through h. Defaults to a client of its
// own without a timeout; a timeout in h would end streams too.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithHeader sets a header on every request. A header that the client sets
// itself, such as Content-Type, is replaced by it; an empty value removes it.
func WithHeader(name, value string) Option {
	return func(c *Client) { c.header[http.CanonicalHeaderKey(name)] = []string{value} }
}

// WithLocale sets the language of the user, one tag such as "de-DE", as the
// official client does.
func WithLocale(tag string) Option { return WithHeader("Accept-Language", tag) }

// WithFrameLimits limits the lines and the events of a stream, in bytes. Zero
// means the default: [DefaultMaxLineBytes], [DefaultMaxFrameBytes].
func WithFrameLimits(line, frame int) Option {
	return func(c *Client) { c.limits.MaxLineBytes, c.limits.MaxFrameBytes = line, frame }
}

// WithFrames calls f for every frame of every stream before it is decoded,
// comments (heartbeats) included, with its raw lines and its time of arrival.
// F runs in the goroutine that reads the stream. It is for diagnosis and tests.
func WithFrames(f func(*Frame)) Option {
	return func(c *Client) {
		c.onFrame = f
		c.limits.Comments, c.limits.Raw = true, true
	}
}

// WithRaw keeps the raw lines of every event in [Event.Raw].
func WithRaw() Option {
	return func(c *Client) { c.keepText, c.limits.Raw = true, true }
}

// A Request is the body of a ChatKit request (ChatKit protocol: requests).
type Request struct {
	// Type is the request's type, such as "threads.create".
	Type string `json:"type"`
	// Params are the parameters of that type. Nil is sent as {}.
	Params any `json:"params"`
	// Metadata is free-form and goes to the server's hooks. Left out when nil.
	Metadata map[string]any `json:"metadata,omitempty"`
}

// A StatusError is an answer with a status other than 200.
type StatusError struct {
	// Status is the HTTP status, such as 404.
	Status int
	// Message is the text that the server wrote for the user: the body's
	// "message", or the text of the status if there is none.
	Message string
	// Header is the answer's header: Retry-After and Allow are there.
	Header http.Header
	// Body is the answer's body.
	Body []byte
}

// Error returns the status and the message.
func (e *StatusError) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Message) }

// Do sends a request that is answered with one JSON document and returns the
// document. Request is a [Request], any other value that encodes to a request,
// or the body itself as []byte, string or [json.RawMessage]. An empty body counts
// as {}, as it does for the official client. An answer with an error status is a
// [*StatusError]; an answer that is no JSON is an error.
func (c *Client) Do(ctx context.Context, request any) (json.RawMessage, error) {
	res, name, err := c.post(ctx, request, "application/json", nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := readAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: read the answer: %w", name, err)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return json.RawMessage("{}"), nil
	}
	if !json.Valid(body) {
		return nil, fmt.Errorf("%s: the answer (%s) is not JSON", name, res.Header.Get("Content-Type"))
	}
	return body, nil
}

// Stream sends a request that is answered with events. Request is what [Client.Do]
// takes. The stream must be closed; it lives until then or until ctx is done.
// An answer with an error status is a [*StatusError]; one of another type than
// text/event-stream is an error.
func (c *Client) Stream(ctx context.Context, request any) (*Stream, error) {
	return c.stream(ctx, request, nil)
}

func (c *Client) stream(ctx context.Context, request any, header http.Header) (*Stream, error) {
	ctx, cancel := context.WithCancel(ctx)
	res, name, err := c.post(ctx, request, "text/event-stream", header)
	if err != nil {
		cancel()
		return nil, err
	}
	if t, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); t != "text/event-stream" {
		cancel()
		res.Body.Close()
		return nil, fmt.Errorf("%s: the answer is %q, want an event stream", name, res.Header.Get("Content-Type"))
	}
	limits := c.limits
	return &Stream{
		name: name, res: res, cancel: cancel, onFrame: c.onFrame, raw: c.keepText,
		frames: NewFrameReader(res.Body, &limits),
	}, nil
}

// post sends the request and returns a 200 answer, and what to call the request in errors.
func (c *Client) post(ctx context.Context, request any, accept string, header http.Header) (*http.Response, string, error) {
	body, name, err := encode(request)
	if err != nil {
		return nil, name, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, name, fmt.Errorf("%s: %w", name, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	for _, h := range []http.Header{c.header, header} {
		for k, v := range h {
			if len(v) == 1 && v[0] == "" {
				req.Header.Del(k)
				continue
			}
			req.Header[k] = v
		}
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, name, fmt.Errorf("%s: %w", name, err)
	}
	if res.StatusCode == http.StatusOK {
		return res, name, nil
	}
	defer res.Body.Close()
	text, err := readAll(res.Body)
	if err != nil {
		return nil, name, fmt.Errorf("%s: read the answer of status %d: %w", name, res.StatusCode, err)
	}
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(text, &answer) != nil || answer.Message == "" {
		answer.Message = http.StatusText(res.StatusCode)
	}
	return nil, name, fmt.Errorf("%s: %w", name, &StatusError{Status: res.StatusCode, Message: answer.Message, Header: res.Header, Body: text})
}

func encode(request any) (body []byte, name string, err error) {
	name = "request"
	switch r := request.(type) {
	case []byte:
		return r, name, nil
	case json.RawMessage:
		return r, name, nil
	case string:
		return []byte(r), name, nil
	case *Request:
		if r == nil {
			return nil, name, errors.New("request is nil")
		}
		return encode(*r)
	case Request:
		name = r.Type
		if r.Params == nil {
			r.Params = struct{}{}
		}
		request = r
	}
	body, err = json.Marshal(request)
	if err != nil {
		return nil, name, fmt.Errorf("encode %s: %w", name, err)
	}
	return body, name, nil
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxDocumentBytes+1))
	if err == nil && len(b) > maxDocumentBytes {
		err = fmt.Errorf("more than %d bytes", maxDocumentBytes)
	}
	return b, err
}
