package oaiwire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
)

// OpenAI is the base URL of OpenAI's own API.
const OpenAI = "https://api.openai.com/v1"

// Client talks to any API that speaks Responses or Chat Completions. The zero value talks to OpenAI
// without a key. Its fields must not change while it is used; it is then safe for concurrent use.
type Client struct {
	// BaseURL ends before "/responses" and "/chat/completions", usually in "/v1". Defaults to [OpenAI].
	BaseURL string
	// Key is sent as a bearer token. Empty sends none.
	Key string
	// Header is added to every request, for keys and versions that go elsewhere.
	Header http.Header
	// HTTP sends the requests. Its Timeout must be 0: it would cut long answers. Defaults to
	// http.DefaultClient.
	HTTP *http.Client
	// Retries is how often a request is repeated that failed before the first byte of its answer: after
	// lost connections and statuses 408, 409, 429 and 500 and above. Never after that, for the user has read
	// the beginning. Defaults to 2; negative means never.
	Retries int
	// MaxRetryDelay is the longest wait before a repetition, whatever the provider asks for: somebody
	// is looking at an empty bubble. Defaults to 5 seconds.
	MaxRetryDelay time.Duration
	// Idle is how long the provider may send nothing, before and between events, until the request ends with
	// [agent.ErrIdle]. Raise it for background responses. Defaults to 2 minutes; negative means for ever.
	Idle time.Duration
	// Options are applied to every stream. [KeepIDs] is on by itself for api.openai.com.
	Options []Option
}

// Responses streams a response of the Responses API. body is encoded as JSON, and "stream" is set to true in
// it. Breaking out of the loop aborts the request.
func (c *Client) Responses(ctx context.Context, body any) iter.Seq2[agent.Event, error] {
	return c.stream(ctx, http.MethodPost, "/responses", nil, body, ResponsesStream)
}

// Chat streams a response of the Chat Completions API. body is encoded as JSON; "stream" is set to true in
// it and usage is asked for. Breaking out of the loop aborts the request.
func (c *Client) Chat(ctx context.Context, body any) iter.Seq2[agent.Event, error] {
	return c.stream(ctx, http.MethodPost, "/chat/completions", nil, body, ChatStream)
}

// Resume goes on with a background response of the Responses API, behind the event with the given
// sequence number; 0 starts from the beginning.
func (c *Client) Resume(ctx context.Context, id string, after int) iter.Seq2[agent.Event, error] {
	// "true" and nothing else: the API refuses "1".
	q := url.Values{"stream": {"true"}}
	if after > 0 {
		q.Set("starting_after", strconv.Itoa(after))
	}
	return c.stream(ctx, http.MethodGet, "/responses/"+url.PathEscape(id), q, nil, ResponsesStream)
}

// Cancel stops a background response, which goes on when its stream is closed.
func (c *Client) Cancel(ctx context.Context, id string) error {
	res, err := c.send(ctx, http.MethodPost, "/responses/"+url.PathEscape(id)+"/cancel", nil, nil, nil)
	if err != nil {
		return fmt.Errorf("cancel response %s: %w", id, err)
	}
	return res.Body.Close()
}

func (c *Client) stream(ctx context.Context, method, path string, q url.Values, body any, read Format) iter.Seq2[agent.Event, error] {
	return do(ctx, func(ctx context.Context, w *watchdog) (*http.Response, error) {
		payload, err := encodeBody(body, strings.HasPrefix(path, "/chat/"))
		if err != nil {
			return nil, err
		}
		return c.send(ctx, method, path, q, payload, w)
	}, read, append([]Option{Idle(c.Idle)}, c.Options...))
}

// encodeBody encodes a request and makes it one for a stream.
func encodeBody(body any, chat bool) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode model request: %w", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return nil, errors.New("encode model request: not a JSON object")
	}
	fields["stream"] = json.RawMessage("true")
	if chat && fields["stream_options"] == nil {
		fields["stream_options"] = json.RawMessage(`{"include_usage":true}`)
	}
	raw, err = json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("encode model request: %w", err)
	}
	return raw, nil
}

// send sends a request until it is answered with success or must not be repeated.
func (c *Client) send(ctx context.Context, method, path string, q url.Values, body []byte, watch *watchdog) (*http.Response, error) {
	base := c.BaseURL
	if base == "" {
		base = OpenAI
	}
	u, err := url.Parse(strings.TrimRight(base, "/") + path)
	if err != nil {
		return nil, fmt.Errorf("model URL: %w", err)
	}
	if len(q) > 0 {
		have := u.Query() // Azure has an api-version here
		for k, v := range q {
			have[k] = v
		}
		u.RawQuery = have.Encode()
	}
	retries := c.Retries
	if retries == 0 {
		retries = 2
	}
	for try := 0; ; try++ {
		if watch != nil {
			watch.touch()
		}
		res, err := c.once(ctx, method, u, body)
		var fail *agent.Error
		if err == nil {
			if res.StatusCode < 300 {
				return res, nil
			}
			fail = failure(res)
			err = fail
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if try >= retries || fail != nil && !again(res, fail) {
			return nil, err
		}
		if watch != nil {
			watch.pause()
		}
		if err := sleep(ctx, c.delay(try, fail)); err != nil {
			return nil, err
		}
	}
}

func (c *Client) once(ctx context.Context, method string, u *url.URL, body []byte) (*http.Response, error) {
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), r)
	if err != nil {
		return nil, fmt.Errorf("model request: %w", err)
	}
	for k, v := range c.Header {
		req.Header[k] = v
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "text/event-stream")
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	res, err := h.Do(req)
	if err != nil {
		return nil, fmt.Errorf("model request: %w", err)
	}
	return res, nil
}
