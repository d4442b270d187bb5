package vectortest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
)

// An author is the application behind the server: every hook does what the
// exchange that is under way says, and keeps what it was given.
type author struct {
	mu       sync.Mutex
	exchange *exchange
	seen     []any
	feedback []any
	deleted  []any
	waits    chan struct{} // closed once a script waits for the client to leave
	left     chan struct{} // closed once it has seen the client leave
	err      error         // a vector that cannot be played
}

var errScripted = errors.New("scripted failure")

// begin makes x the exchange under way. It returns what is closed when the script
// waits for the client to leave, and when it has seen it leave.
func (a *author) begin(x *exchange) (waits, left <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.exchange, a.seen, a.feedback, a.deleted = x, []any{}, []any{}, []any{}
	a.waits, a.left = make(chan struct{}), make(chan struct{})
	return a.waits, a.left
}

// waiting reports whether the script waits for the client to leave.
func (a *author) waiting() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.waits:
		return true
	default:
		return false
	}
}

func (a *author) saw(list *[]any, v any) *exchange {
	a.mu.Lock()
	defer a.mu.Unlock()
	*list = append(*list, v)
	return a.exchange
}

// snapshot returns what the hooks were given in this exchange.
func (a *author) snapshot() (seen, feedback, deleted any, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]any{}, a.seen...), append([]any{}, a.feedback...), append([]any{}, a.deleted...), a.err
}

func (a *author) respond(ctx context.Context, t *chatkit.Turn) error {
	var message any
	if t.Input != nil {
		message = t.Input.ID
	}
	return a.play(ctx, t, a.saw(&a.seen, message).Respond)
}

func (a *author) action(ctx context.Context, t *chatkit.Turn, act *chatkit.Action) error {
	return a.play(ctx, t, a.saw(&a.seen, seenAction(act)).Action)
}

func seenAction(act *chatkit.Action) any {
	seen := map[string]any{"action": map[string]any{"type": act.Type, "payload": nil}, "sender": nil}
	if p, err := parse(act.Payload); err == nil {
		seen["action"] = map[string]any{"type": act.Type, "payload": p}
	}
	if act.Sender != nil {
		seen["sender"] = act.Sender.ID
	}
	return seen
}

func (a *author) syncAction(_ context.Context, _ *chatkit.Thread, act *chatkit.Action) (chatkit.Item, error) {
	x := a.saw(&a.seen, seenAction(act))
	var result struct {
		UpdatedItem json.RawMessage `json:"updated_item"`
	}
	if x.SyncAction == nil {
		return nil, errScripted
	}
	if err := json.Unmarshal(x.SyncAction, &result); err != nil {
		return nil, a.broken(err)
	}
	if result.UpdatedItem == nil || string(result.UpdatedItem) == "null" {
		return nil, nil
	}
	it, err := chatkit.UnmarshalItem(result.UpdatedItem)
	return it, a.broken(err)
}

func (a *author) addFeedback(_ context.Context, _ string, f *chatkit.Feedback) error {
	ids := []any{}
	for _, id := range f.ItemIDs {
		ids = append(ids, id)
	}
	a.saw(&a.feedback, map[string]any{"thread_id": f.ThreadID, "item_ids": ids, "kind": string(f.Kind)})
	return nil
}

func (a *author) transcribe(_ context.Context, audio *chatkit.Audio) (string, error) {
	x := a.saw(&a.seen, map[string]any{
		"bytes": json.Number(fmt.Sprint(len(audio.Data))), "mime_type": audio.MimeType, "media_type": audio.MediaType,
	})
	if x.Transcribe == nil {
		return "", errScripted
	}
	var text string
	if json.Unmarshal(x.Transcribe, &text) == nil {
		return text, nil
	}
	var result struct {
		Text string `json:"text"`
	}
	err := json.Unmarshal(x.Transcribe, &result)
	return result.Text, a.broken(err)
}

// CreateAttachment implements chatkit.AttachmentStore.
func (a *author) CreateAttachment(context.Context, string, *chatkit.AttachmentCreate) (chatkit.Attachment, error) {
	a.mu.Lock()
	x := a.exchange
	a.mu.Unlock()
	if x.CreateAttachment == nil {
		return nil, errScripted
	}
	at, err := chatkit.UnmarshalAttachment(x.CreateAttachment)
	return at, a.broken(err)
}

// DeleteAttachment implements chatkit.AttachmentStore.
func (a *author) DeleteAttachment(_ context.Context, _, id string) error {
	a.saw(&a.deleted, id)
	return nil
}

// broken keeps an error of the vector itself.
func (a *author) broken(err error) error {
	if err != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.err = errors.Join(a.err, err)
	}
	return err
}

// play takes the steps of a script.
func (a *author) play(ctx context.Context, t *chatkit.Turn, steps []step) error {
	script, err := a.script(steps)
	if err != nil {
		return a.broken(err)
	}
	return chatkittest.Script(script...)(ctx, t)
}

// script turns recorded steps into ours. The reference looks for changes of the
// thread behind each event and at the end, so a change moves behind the next event.
func (a *author) script(steps []step) ([]chatkittest.Step, error) {
	var script, changes []chatkittest.Step
	flush := func() {
		script = append(script, changes...)
		changes = nil
	}
	for _, s := range steps {
		switch {
		case s.Emit != nil:
			e, err := chatkit.UnmarshalEvent(s.Emit)
			if err != nil {
				return nil, fmt.Errorf("event of the script: %w", err)
			}
			script = append(script, chatkittest.Emit(e))
			flush()
		case s.SetThread != nil:
			changes = append(changes, setThread(s.SetThread))
		case s.Raise != nil:
			flush()
			script = append(script, chatkittest.Fail(s.Raise.err()))
		case s.Cancel:
			script = append(script, a.awaitLeave)
		case s.Pause != nil:
			script = append(script, pause(*s.Pause))
		default:
			return nil, fmt.Errorf("step of the script does nothing known")
		}
	}
	flush()
	return script, nil
}

// awaitLeave is the place of the script at which the client leaves.
func (a *author) awaitLeave(ctx context.Context, t *chatkit.Turn) error {
	a.mu.Lock()
	waits, left := a.waits, a.left
	a.mu.Unlock()
	close(waits)
	defer close(left)
	return chatkittest.AwaitEnd()(ctx, t)
}

// pause returns a step that waits, but not beyond the end of the turn.
func pause(milliseconds int) chatkittest.Step {
	return func(ctx context.Context, _ *chatkit.Turn) error {
		timer := time.NewTimer(time.Duration(milliseconds) * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// setThread returns a step that sets the members of the thread that fields names.
func setThread(fields json.RawMessage) chatkittest.Step {
	return func(_ context.Context, t *chatkit.Turn) error {
		var bad error
		err := t.UpdateThread(func(th *chatkit.Thread) {
			var merged map[string]json.RawMessage
			data, err := json.Marshal(th)
			if err == nil {
				err = json.Unmarshal(data, &merged)
			}
			if err == nil {
				err = json.Unmarshal(fields, &merged)
			}
			if err == nil {
				data, err = json.Marshal(merged)
			}
			changed := new(chatkit.Thread)
			if err == nil {
				err = json.Unmarshal(data, changed)
			}
			if bad = err; err == nil {
				*th = *changed
			}
		})
		return errors.Join(err, bad)
	}
}

// err is the error that stands for what the script raised.
func (r *raise) err() error {
	switch r.Kind {
	case "custom":
		return &chatkit.StreamError{Code: chatkit.ErrorCodeCustom, Message: r.Message, AllowRetry: r.AllowRetry != nil && *r.AllowRetry}
	case "stream":
		code := chatkit.ErrorCode(r.Code)
		if code == "" {
			code = chatkit.ErrorCodeStream
		}
		retry := code == chatkit.ErrorCodeStream
		if r.AllowRetry != nil {
			retry = *r.AllowRetry
		}
		return &chatkit.StreamError{Code: code, AllowRetry: retry}
	}
	return errScripted
}
