// Package chat is a chat in lines of text: it sends what the user says, shows the answer as it comes, runs
// client tools, asks forms and uploads files.
package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/target"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// Config says how to chat. Target and Screen are required.
type Config struct {
	// Target is the server.
	Target *target.Target
	// Screen is where the answers go.
	Screen *terminal.Screen
	// Thread is the thread to go on with. Empty begins a new one.
	Thread string
	// JSON writes events, one a line, instead of text.
	JSON bool
	// Tools are the commands that answer client tools, by the tool's name.
	Tools map[string]string
	// ToolTimeout limits a command. Defaults to a minute.
	ToolTimeout time.Duration
	// Timeout limits an answer. Defaults to 30 minutes.
	Timeout time.Duration
	// Attach are files to send with the first message.
	Attach []string
	// UploadURL is where files go in one step. Empty uploads in two, as the server says.
	UploadURL string
	// Model and Tool are the user's choices in the composer, empty for none.
	Model, Tool string
	// Interrupts are the user's interrupts. The first one during an answer stops it, the next one leaves.
	Interrupts <-chan struct{}
	// Lines begins to read what the user types, and returns the same channel each time. Nil means that nobody
	// does.
	Lines func() <-chan string
}

// The most that an answer may be: bytes of its events, and turns that follow from tools and forms.
const (
	maxAnswer  = 64 << 20
	maxFollows = 20
)

// The ways in which a chat can end.
var (
	// ErrLeft says that the user left.
	ErrLeft = errors.New("interrupted")
	// ErrStopped says that the user stopped the answer.
	ErrStopped = errors.New("stopped")
)

// A Session is a chat. Its methods belong to one goroutine.
type Session struct {
	cfg    Config
	api    *client.Client
	show   *render
	thread string
	sent   bool // the attachments have been sent
}

// New returns a chat.
func New(cfg Config) *Session {
	if cfg.ToolTimeout <= 0 {
		cfg.ToolTimeout = time.Minute
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 30 * time.Minute
	}
	return &Session{cfg: cfg, api: cfg.Target.Client(), show: newRender(cfg.Screen, cfg.JSON), thread: cfg.Thread}
}

// Forget makes the next message begin a new thread.
func (s *Session) Forget() { s.thread = "" }

// Send sends a message and shows the answer, and the answers to what the answer asks for.
func (s *Session) Send(ctx context.Context, text string) error {
	in := client.Text(text)
	if s.cfg.Model != "" {
		in.Options.Model = &s.cfg.Model
	}
	if s.cfg.Tool != "" {
		in.Options.ToolChoice = &chatkit.ToolChoice{ID: s.cfg.Tool}
	}
	if !s.sent {
		ids, err := s.attach(ctx)
		if err != nil {
			return err
		}
		in.Attachments, s.sent = ids, true
	}
	return s.follow(ctx, func(ctx context.Context) (*client.Stream, error) {
		if s.thread == "" {
			return s.api.CreateThread(ctx, in)
		}
		return s.api.Send(ctx, s.thread, in)
	})
}

// Retry has the last message answered again.
func (s *Session) Retry(ctx context.Context) error {
	if s.show.lastQuestion == "" {
		return errors.New("there is no message to answer again")
	}
	return s.follow(ctx, func(ctx context.Context) (*client.Stream, error) {
		return s.api.Retry(ctx, s.thread, s.show.lastQuestion)
	})
}

// follow shows an answer. If it ends with a tool call or a form, it goes on with the result.
func (s *Session) follow(ctx context.Context, open func(context.Context) (*client.Stream, error)) error {
	for range maxFollows {
		asked, err := s.answer(ctx, open)
		if err != nil || asked == nil {
			return err
		}
		switch it := asked.(type) {
		case *chatkit.ClientToolCallItem:
			result, err := s.runTool(ctx, it)
			if err != nil {
				return err
			}
			open = func(ctx context.Context) (*client.Stream, error) { return s.api.ToolOutput(ctx, s.thread, result) }
		case *chatkit.StructuredInputItem:
			answers, err := s.askForm(it)
			if err != nil {
				return err
			}
			open = func(ctx context.Context) (*client.Stream, error) {
				return s.api.StructuredInput(ctx, s.thread, it.ID, answers)
			}
		default:
			return nil
		}
	}
	return fmt.Errorf("the server asked more than %d times in a row", maxFollows)
}

// answer shows one stream and returns the item that asks for something at its end, nil if none does.
func (s *Session) answer(ctx context.Context, open func(context.Context) (*client.Stream, error)) (chatkit.Item, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.cfg.Timeout, fmt.Errorf("the answer took longer than %v", s.cfg.Timeout))
	defer cancel()
	guard := s.guard(ctx, cancel)
	defer guard.end()
	stream, err := open(ctx)
	if err != nil {
		return nil, guard.reason(err)
	}
	defer hangUp(stream)
	guard.watch(stream)
	var failed *chatkit.ErrorEvent
	var asked chatkit.Item
	for left := maxAnswer; ; {
		e, err := stream.Next()
		if e != nil {
			left -= len(e.Data)
		}
		if done(err) {
			break
		}
		if err == nil && left < 0 {
			err = fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)
		}
		if err != nil {
			s.show.end()
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			return nil, guard.reason(err)
		}
		if err := s.show.event(e); err != nil {
			s.show.end()
			return nil, err // nobody reads any more, or nobody could
		}
		switch ev := e.Event.(type) {
		case *chatkit.ThreadCreatedEvent:
			s.thread = ev.Thread.ID
		case *chatkit.ErrorEvent:
			failed = ev
		case *chatkit.ThreadItemDoneEvent:
			asked = wants(ev.Item, asked)
		default: // shown
		}
	}
	s.show.end()
	if guard.stopped() {
		return nil, ErrStopped
	}
	if failed != nil {
		return nil, errorOf(failed)
	}
	return asked, nil
}

// wants returns the item that waits for the user, or the one that did before.
func wants(it, before chatkit.Item) chatkit.Item {
	switch it := it.(type) {
	case *chatkit.ClientToolCallItem:
		if it.Status != chatkit.ClientToolCallCompleted {
			return it
		}
	case *chatkit.StructuredInputItem:
		if it.Status == chatkit.StructuredInputPending || it.Status == "" {
			return it
		}
	default: // asks for nothing
	}
	return before
}

func errorOf(e *chatkit.ErrorEvent) error {
	text := e.Message
	if text == "" {
		text = "the answer failed (" + string(e.Code) + ")"
	}
	if e.AllowRetry {
		text = strings.TrimRight(text, ".") + ". It may be tried again."
	}
	return errors.New(text)
}
