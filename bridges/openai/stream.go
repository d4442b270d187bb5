package openaichatkit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/responses"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// maxRetryDelay caps what the SDK waits between tries, which is up to two minutes by itself: somebody is
// looking at an empty bubble. An option of the caller's own wins.
const maxRetryDelay = 5 * time.Second

// A Source streams responses of one service. Its zero value is useless; set Service. It is safe for
// concurrent use while nobody changes it.
type Source struct {
	// Service sends the requests: client.Responses, or responses.NewResponseService(…), which reads no
	// environment variables and leaves the rest of the SDK out of the program.
	Service responses.ResponseService
	// Options are added to every request, before those of a call.
	Options []option.RequestOption
	// Wire changes how answers are read: limits, idle time, whose ids to keep.
	Wire []oaiwire.Option
}

// Stream streams a response: Source{Service: service}.Stream(ctx, params, opts...).
func Stream(ctx context.Context, service responses.ResponseService, params responses.ResponseNewParams, opts ...option.RequestOption) iter.Seq2[agent.Event, error] {
	return Source{Service: service}.Stream(ctx, params, opts...)
}

// Stream streams a response. The request is sent when the iteration begins; breaking out of it, and the
// end of ctx, abort it. What the provider refuses is an *[agent.Error].
func (s Source) Stream(ctx context.Context, params responses.ResponseNewParams, opts ...option.RequestOption) iter.Seq2[agent.Event, error] {
	return s.do(ctx, opts, func(ctx context.Context, opts ...option.RequestOption) error {
		_, err := s.Service.New(ctx, params, append(opts, option.WithJSONSet("stream", true))...)
		return err
	})
}

// Resume goes on with a background response, behind the event with the given sequence number; 0 starts
// from the beginning. Providers refuse it once the response is a few minutes old.
func (s Source) Resume(ctx context.Context, id string, after int, opts ...option.RequestOption) iter.Seq2[agent.Event, error] {
	return s.do(ctx, opts, func(ctx context.Context, opts ...option.RequestOption) error {
		// The SDK would put these into the body of a GET, where the API does not look, and answer with
		// JSON. It wants "true", and refuses "1".
		opts = append(opts, option.WithQuery("stream", "true"))
		if after > 0 {
			opts = append(opts, option.WithQuery("starting_after", strconv.Itoa(after)))
		}
		_, err := s.Service.Get(ctx, id, responses.ResponseGetParams{}, opts...)
		return err
	})
}

type send func(ctx context.Context, opts ...option.RequestOption) error

func (s Source) do(ctx context.Context, opts []option.RequestOption, send send) iter.Seq2[agent.Event, error] {
	return oaiwire.Do(ctx, func(ctx context.Context) (*http.Response, error) {
		var res *http.Response
		all := []option.RequestOption{option.WithMaxRetryDelay(maxRetryDelay)}
		all = append(append(all, s.Options...), opts...)
		all = append(all, option.WithHeader("Accept", "text/event-stream"), option.WithResponseBodyInto(&res))
		if err := send(ctx, all...); err != nil {
			return nil, refused(err, res)
		}
		if res == nil {
			return nil, errors.New("model request: no response")
		}
		return res, nil
	}, oaiwire.ResponsesStream, s.Wire...)
}

// refused turns the SDK's error into ours. Its type cannot be named here: it lives in an internal
// package, and its public name in the root package. The response tells as much.
func refused(err error, res *http.Response) error {
	if res == nil || res.StatusCode < 400 {
		return fmt.Errorf("model request: %w", err)
	}
	body, readErr := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // the SDK put it back
	if readErr != nil {
		body = nil
	}
	e := oaiwire.ParseError(res.StatusCode, res.Header, body)
	e.Err = err
	return e
}

// Events reads a stream that the SDK reads already, for those who need the SDK's own loop. It costs several
// times as much as [Stream], and the SDK's reader reports neither a body that ends too early nor one that is
// no stream; the first is still found here. The stream is closed at the end.
func Events(stream *ssestream.Stream[responses.ResponseStreamEventUnion], opts ...oaiwire.Option) iter.Seq2[agent.Event, error] {
	return oaiwire.ResponsesEvents(func(yield func(json.RawMessage, error) bool) {
		defer func() { _ = stream.Close() }() // what matters of it Err has said
		for stream.Next() {
			if !yield(json.RawMessage(stream.Current().RawJSON()), nil) {
				return
			}
		}
		if err := stream.Err(); err != nil {
			yield(nil, streamError(err))
		}
	}, opts...)
}

// streamError turns what ended the SDK's stream into our error.
func streamError(err error) error {
	var event *ssestream.StreamError
	var answer interface {
		error
		RawJSON() string
	}
	var e *agent.Error
	switch {
	case errors.As(err, &event):
		e = oaiwire.ParseError(0, nil, event.Event.Data)
	case errors.As(err, &answer):
		e = oaiwire.ParseError(0, nil, []byte(answer.RawJSON()))
	default:
		return fmt.Errorf("read model stream: %w", err)
	}
	e.Err = err
	return e
}
