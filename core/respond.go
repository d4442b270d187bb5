package chatkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gochatkit/chatkit/core/run"
)

// turnOf returns what a streaming request does, nil if r does not stream (ChatKit protocol: requests).
func (s *Server) turnOf(r request) *turnSpec {
	switch r := r.(type) {
	case *createThreadRequest:
		return s.createThread(r)
	case *addUserMessageRequest:
		return s.addUserMessage(r)
	case *addClientToolOutputRequest:
		return s.addClientToolOutput(r)
	case *addStructuredInputRequest:
		return s.addStructuredInput(r)
	case *retryAfterItemRequest:
		return s.retryAfterItem(r)
	case *customActionRequest:
		return s.customAction(r)
	}
	return nil
}

func (s *Server) createThread(r *createThreadRequest) *turnSpec {
	id := s.opts.NewID(IDThread)
	var message *UserMessageItem
	return &turnSpec{
		thread: id, keepInput: true, respond: s.respond,
		check: func(ctx context.Context, t *Turn) (err error) {
			t.Thread = &Thread{ID: id, CreatedAt: s.now(), Metadata: map[string]any{}}
			message, err = s.messageOf(ctx, t, &r.Input, message)
			return err
		},
		prepare: func(ctx context.Context, t *Turn) error { return s.acceptMessage(ctx, t, message, true) },
	}
}

func (s *Server) addUserMessage(r *addUserMessageRequest) *turnSpec {
	var message *UserMessageItem
	return &turnSpec{
		thread: r.ThreadID, keepInput: true, respond: s.respond,
		check: func(ctx context.Context, t *Turn) (err error) {
			if t.Thread, err = s.loadThread(ctx, t.rec.owner, r.ThreadID); err != nil {
				return err
			}
			message, err = s.messageOf(ctx, t, &r.Input, message)
			return err
		},
		prepare: func(ctx context.Context, t *Turn) error { return s.acceptMessage(ctx, t, message, false) },
	}
}

// messageOf returns a user's message with its attachments, as yet without a time. It has the id of the one that an
// earlier check has made, if there is one.
func (s *Server) messageOf(ctx context.Context, t *Turn, in *userMessageInput, earlier *UserMessageItem) (*UserMessageItem, error) {
	message := &UserMessageItem{
		ItemMeta: ItemMeta{ThreadID: t.Thread.ID},
		Content:  in.Content, QuotedText: in.QuotedText, InferenceOptions: in.InferenceOptions,
	}
	if earlier != nil {
		message.ID = earlier.ID
	} else {
		message.ID = s.opts.NewID(IDMessage)
	}
	for i, id := range in.Attachments {
		if slices.Contains(in.Attachments[:i], id) {
			continue
		}
		a, err := s.takeAttachment(ctx, t.rec.owner, t.Thread.ID, id)
		if err != nil {
			return nil, err
		}
		message.Attachments = append(message.Attachments, a)
	}
	return message, nil
}

// acceptMessage stores a user's message, in a new thread if fresh, and puts the first events on the log.
func (s *Server) acceptMessage(ctx context.Context, t *Turn, message *UserMessageItem, fresh bool) error {
	owner, th := t.rec.owner, t.Thread
	var dangling []*ClientToolCallItem
	if !fresh && s.opts.DanglingToolCalls != KeepDangling {
		var err error
		if dangling, _, err = s.waitingToolCalls(ctx, owner, th.ID); err != nil {
			return err
		}
	}
	message.CreatedAt = s.now()
	options := s.opts.StreamOptions(ctx, th.Clone())

	err := s.batch(ctx, owner, func(store Store) error {
		if fresh {
			if err := store.PutThread(ctx, owner, th); err != nil {
				return fmt.Errorf("store thread: %w", err)
			}
		}
		if err := s.resolveToolCalls(ctx, store, owner, th.ID, dangling, resultSuperseded); err != nil {
			return err
		}
		for _, a := range message.Attachments {
			if err := store.PutAttachment(ctx, owner, a); err != nil {
				return fmt.Errorf("store attachment: %w", err)
			}
		}
		if err := store.PutItem(ctx, owner, th.ID, message); err != nil {
			return fmt.Errorf("store message: %w", err)
		}
		return nil
	})
	if err != nil {
		if fresh { // no half-made thread stays behind
			err = errors.Join(err, s.store.DeleteThread(ctx, owner, th.ID))
		}
		return err
	}
	t.Input = CloneItem(message).(*UserMessageItem) // a clone has its own type
	if fresh {
		t.rec.announce(&ThreadCreatedEvent{Thread: threadResponse(th)})
	}
	t.rec.announce(&ThreadItemDoneEvent{Item: s.presentItem(ctx, owner, message)})
	t.rec.announce(&StreamOptionsEvent{StreamOptions: options})
	return nil
}

func (s *Server) addStructuredInput(r *addStructuredInputRequest) *turnSpec {
	var form *StructuredInputItem
	return &turnSpec{
		thread: r.ThreadID, keepInput: true, respond: s.respond,
		check: func(ctx context.Context, t *Turn) (err error) {
			owner := t.rec.owner
			if t.Thread, err = s.loadThread(ctx, owner, r.ThreadID); err != nil {
				return err
			}
			form, err = loadItemAs[*StructuredInputItem](ctx, s, owner, r.ThreadID, r.ItemID, "a structured input")
			if err != nil {
				return err
			}
			if form.Status != StructuredInputPending && form.Status != "" {
				return refuse(http.StatusConflict, "This form has been answered.")
			}
			return nil
		},
		prepare: func(ctx context.Context, t *Turn) error {
			owner := t.rec.owner
			if err := s.expireToolCalls(ctx, owner, r.ThreadID); err != nil {
				return err
			}
			answerForm(form, r)
			options := s.opts.StreamOptions(ctx, t.Thread.Clone())
			if err := s.store.PutItem(ctx, owner, r.ThreadID, form); err != nil {
				return fmt.Errorf("store answers: %w", err)
			}
			t.rec.announce(&StreamOptionsEvent{StreamOptions: options})
			t.rec.announce(&ThreadItemReplacedEvent{Item: form})
			t.Form = CloneItem(form).(*StructuredInputItem) // a clone has its own type
			return nil
		},
	}
}

// answerForm fills in the answers. A question without a usable answer counts as skipped; answers are not
// checked against the options, because free text is legal.
func answerForm(form *StructuredInputItem, r *addStructuredInputRequest) {
	form.Status = r.Status
	for _, in := range form.Inputs {
		question := in.Meta()
		answer, ok := r.Answers[question.ID]
		if r.Status == StructuredInputSkipped || !ok || answer.Skipped || len(answer.Values) == 0 {
			question.Answer = &StructuredInputAnswer{Values: []string{}, Skipped: true}
			continue
		}
		values := answer.Values
		if choice, ok := in.(*MultipleChoiceInput); ok && !choice.Multiple {
			values = values[:1]
		}
		question.Answer = &StructuredInputAnswer{Values: slices.Clone(values)}
	}
}

func (s *Server) retryAfterItem(r *retryAfterItemRequest) *turnSpec {
	return &turnSpec{
		thread: r.ThreadID, cause: run.ErrRetried, respond: s.respond,
		check: func(ctx context.Context, t *Turn) (err error) {
			if t.Thread, err = s.loadThread(ctx, t.rec.owner, r.ThreadID); err != nil {
				return err
			}
			t.Input, err = loadItemAs[*UserMessageItem](ctx, s, t.rec.owner, r.ThreadID, r.ItemID, "a user message")
			return err
		},
		prepare: func(ctx context.Context, t *Turn) error {
			owner := t.rec.owner
			tail, err := s.loadTail(ctx, owner, r.ThreadID, r.ItemID)
			if err != nil {
				return err
			}
			ids := make([]string, len(tail))
			for i, it := range tail {
				ids[i] = it.Meta().ID
			}
			options := s.opts.StreamOptions(ctx, t.Thread.Clone())
			if len(ids) > 0 {
				if err := s.store.DeleteItems(ctx, owner, r.ThreadID, ids...); err != nil {
					return fmt.Errorf("delete items after %s: %w", r.ItemID, err)
				}
				s.dropTail(ctx, owner, r.ThreadID, tail)
			}
			t.rec.announce(&StreamOptionsEvent{StreamOptions: options})
			return nil
		},
	}
}

func (s *Server) customAction(r *customActionRequest) *turnSpec {
	return &turnSpec{
		thread: r.ThreadID, policy: run.Queue, quiet: true,
		check: func(ctx context.Context, t *Turn) (err error) {
			if s.opts.Action == nil {
				return ErrUnsupported
			}
			if t.Thread, err = s.loadThread(ctx, t.rec.owner, r.ThreadID); err != nil {
				return err
			}
			r.Action.Sender, err = s.loadSender(ctx, t.rec.owner, r.ThreadID, r.ItemID)
			return err
		},
		prepare: func(ctx context.Context, t *Turn) error {
			if err := s.expireToolCalls(ctx, t.rec.owner, r.ThreadID); err != nil {
				return err
			}
			t.rec.announce(&StreamOptionsEvent{StreamOptions: s.opts.StreamOptions(ctx, t.Thread.Clone())})
			return nil
		},
		respond: func(ctx context.Context, t *Turn) error { return s.opts.Action(ctx, t, &r.Action) },
	}
}

// loadSender returns the widget that sent an action, nil if the action came from elsewhere.
func (s *Server) loadSender(ctx context.Context, owner, thread, id string) (*WidgetItem, error) {
	if id == "" {
		return nil, nil
	}
	return loadItemAs[*WidgetItem](ctx, s, owner, thread, id, "a widget")
}

func (s *Server) loadThread(ctx context.Context, owner, id string) (*Thread, error) {
	th, err := s.store.Thread(ctx, owner, id)
	if errors.Is(err, ErrNotFound) {
		return nil, refuse(http.StatusNotFound, "This conversation does not exist.")
	}
	if err != nil {
		return nil, fmt.Errorf("load thread %s: %w", id, err)
	}
	return th, nil
}

// loadItem loads an item that a client named. A hidden one does not exist for clients.
func (s *Server) loadItem(ctx context.Context, owner, thread, id string) (Item, error) {
	it, err := s.store.Item(ctx, owner, thread, id)
	if errors.Is(err, ErrNotFound) || err == nil && Hidden(it) {
		return nil, refuse(http.StatusNotFound, "The item does not exist.")
	}
	if err != nil {
		return nil, fmt.Errorf("load item %s: %w", id, err)
	}
	return it, nil
}

// loadItemAs loads an item that a client named in item_id and that has to be a T, which is called kind.
func loadItemAs[T Item](ctx context.Context, s *Server, owner, thread, id, kind string) (typed T, err error) {
	it, err := s.loadItem(ctx, owner, thread, id)
	if err != nil {
		return typed, err
	}
	typed, ok := it.(T)
	if !ok {
		return typed, refuse(http.StatusBadRequest, "params.item_id is not %s", kind)
	}
	return typed, nil
}

// loadTail returns the items after the one with the given id, hidden ones included.
func (s *Server) loadTail(ctx context.Context, owner, thread, id string) ([]Item, error) {
	var tail []Item
	for page, err := range s.walk(ctx, owner, thread, PageQuery{After: id, Order: OrderAsc}) {
		if err != nil {
			return nil, fmt.Errorf("load items after %s: %w", id, err)
		}
		tail = append(tail, page...)
	}
	return tail, nil
}

// batch calls fn with a store whose writes become visible together, if the server's store can do that.
func (s *Server) batch(ctx context.Context, owner string, fn func(Store) error) error {
	if b, ok := s.store.(Batcher); ok {
		return b.Batch(ctx, owner, fn)
	}
	return fn(s.store)
}
