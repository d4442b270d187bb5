package pitfalls

import (
	"context"
	"sync"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A desk looks things up.
type desk struct {
	lookUp func(ctx context.Context, question string) (string, error)

	mu   sync.Mutex
	turn *chatkit.Turn // wrong: there is one desk, and a turn for each user
}

func (d *desk) respondLater(_ context.Context, t *chatkit.Turn) error {
	go func() { // wrong: nobody waits for it
		facts, err := d.lookUp(context.Background(), t.Input.Text())
		if err == nil {
			_ = t.Text(facts) // an error: the turn has ended
		}
	}()
	return t.Text("I am looking it up.")
}

func (d *desk) respondTogether(ctx context.Context, t *chatkit.Turn) error {
	var facts string
	var err error
	var group sync.WaitGroup
	group.Go(func() { facts, err = d.lookUp(ctx, t.Input.Text()) })
	told := t.Text("I am looking it up.")
	group.Wait() // before the turn ends
	if told != nil {
		return told
	}
	if err != nil {
		return err
	}
	return t.Text(facts)
}

func (d *desk) respondMixedUp(ctx context.Context, t *chatkit.Turn) error {
	d.mu.Lock()
	d.turn = t // wrong: the lock prevents a data race, not the mistake
	d.mu.Unlock()
	return d.searchMixedUp(ctx, t.Input.Text())
}

func (d *desk) searchMixedUp(ctx context.Context, question string) error {
	facts, err := d.lookUp(ctx, question)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.turn.Text(facts)
}

func (d *desk) respond(ctx context.Context, t *chatkit.Turn) error {
	return d.search(ctx, t.Input.Text())
}

func (d *desk) search(ctx context.Context, question string) error {
	facts, err := d.lookUp(ctx, question)
	if err != nil {
		return err
	}
	t, ok := chatkit.TurnFrom(ctx)
	if !ok {
		return nil // not in a turn: in a test of the tool, say
	}
	return t.Text(facts)
}
