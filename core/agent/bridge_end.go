package agent

import (
	"context"
	"errors"
	"fmt"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Outcome returns how the run went so far.
func (b *Bridge) Outcome() *Outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.result()
}

func (b *Bridge) result() *Outcome {
	o := b.outcome
	o.Calls = nil
	for _, c := range b.calls {
		if !c.answered {
			o.Calls = append(o.Calls, c.ToolCall)
		}
	}
	return &o
}

// Close ends a run that went well: open items are closed, the open workflow is stored for the next turn,
// and a call for the browser is sent last.
func (b *Bridge) Close() (*Outcome, error) {
	var open *chatkit.WorkflowItem
	err := b.do(func() error {
		err := b.close()
		if b.outcome.Reason == "" {
			b.outcome.Reason = ReasonStop // a source that says no more than its text
		}
		if w := b.workflow; err == nil && w != nil && (w.shown || !b.on(noGhostWorkflows)) {
			open = w.snapshot()
			b.outcome.Workflow = w.snapshot()
		}
		b.over = ErrRunOver
		return err
	})
	b.release()
	if err == nil && open != nil {
		// In its current state and without an event, so that the next turn can go on with it.
		if err = b.target.Keep(open); err != nil {
			err = fmt.Errorf("store open workflow: %w", err)
		}
	}
	if err == nil {
		err = b.exclusively(b.sendClientCall)
	}
	return b.Outcome(), err
}

func (b *Bridge) close() error {
	if err := b.flushText(); err != nil {
		return err
	}
	if err := b.closeOpen(); err != nil {
		return err
	}
	return b.tellEnding()
}

// tellEnding says why an answer stops in the middle.
func (b *Bridge) tellEnding() error {
	if !b.on(toldEndings) || b.opts.incompleteErr {
		return nil
	}
	switch r := b.outcome.Reason; r {
	case ReasonLength, ReasonContentFilter:
		if text := b.opts.ending(r); text != "" {
			return b.emit(&chatkit.NoticeEvent{Level: chatkit.NoticeWarning, Message: text})
		}
	}
	return nil
}

func endingText(r Reason) string {
	if r == ReasonContentFilter {
		return "The answer was stopped by a content filter."
	}
	return "The answer was cut off because it became too long."
}

// Fail ends a run that broke. Text that was streamed stays where it is; whether it is stored is the
// server's choice. An open workflow is ended, so that nothing goes on spinning.
func (b *Bridge) Fail(cause error) *Outcome {
	defer b.release()
	// The user may be gone. Then these fail, and there is nobody left to tell.
	_ = b.do(func() error {
		_ = b.flushText()
		_ = b.flushThought()
		if b.on(closedItems) {
			_ = b.dropImages()
			_ = b.endWorkflow(nil, false)
		}
		return nil
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over == ErrRunOver || b.over != nil && b.outcome.Err != nil { //nolint:errorlint // Close sets it bare
		return b.result()
	}
	if b.outcome.Reason == "" {
		b.outcome.Reason = ReasonFailed
		if errors.Is(cause, context.Canceled) {
			b.outcome.Reason = ReasonCancelled
		}
	}
	if b.outcome.Err == nil {
		b.outcome.Err = cause
	}
	b.over = fmt.Errorf("%w: %w", ErrRunOver, cause)
	return b.result()
}

// Retract takes back everything that the run has shown: a guardrail was hit.
func (b *Bridge) Retract(cause error) error {
	defer b.release()
	return b.do(func() error {
		b.pending.drop()
		b.over = fmt.Errorf("%w: %w", ErrRunOver, cause)
		b.outcome.Err = cause
		b.outcome.Reason = ReasonFailed
		for _, id := range b.produced {
			if err := b.send(&chatkit.ThreadItemRemovedEvent{ItemID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}
