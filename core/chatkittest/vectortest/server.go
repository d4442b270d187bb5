package vectortest

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

// Options change how [Server] plays vectors. The zero value works.
type Options struct {
	// Store makes the store of a vector. Defaults to a memstore.
	Store func() (chatkit.Store, error)
	// Timeout limits a vector. Defaults to a minute.
	Timeout time.Duration
}

// Server plays the vectors in the folder dir/server, each with a server of its own
// that open makes reachable. A nil opts means the defaults.
func Server(ctx context.Context, dir string, open Open, opts *Options) ([]*Outcome, error) {
	vectors, names, err := load[*vector](dir, "server")
	if err != nil {
		return nil, err
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Store == nil {
		o.Store = func() (chatkit.Store, error) { return memstore.New(), nil }
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	var outcomes []*Outcome
	for _, name := range names {
		p := newPlayer(name, vectors[name])
		if err := p.playLocal(ctx, open, o); err != nil {
			p.out.problem("%v", err)
		}
		outcomes = append(outcomes, p.out)
	}
	return outcomes, nil
}

// playLocal plays the vector against a server of its own.
func (p *player) playLocal(ctx context.Context, open Open, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	store, err := o.Store()
	if err != nil {
		return fmt.Errorf("open a store: %w", err)
	}
	st := &localStage{store: inOrder(store), author: &author{}, attachments: attachmentIDs(p.vector)}
	if err := fill(ctx, st.store, p.vector.Initial); err != nil {
		return err
	}
	st.srv = chatkit.NewServer(st.store, st.author.respond, p.options(st.author))
	d, closeDriver, err := open(st.srv)
	if err != nil {
		return fmt.Errorf("make the server reachable: %w", err)
	}
	defer closeDriver()
	return p.play(ctx, d, st)
}

func (p *player) options(a *author) *chatkit.Options {
	o := &chatkit.Options{
		Action:             a.action,
		SyncAction:         a.syncAction,
		Feedback:           a.addFeedback,
		Transcribe:         a.transcribe,
		NewID:              chatkittest.IDs(),
		Now:                chatkittest.Clock(time.Time{}),
		Logger:             slog.New(slog.DiscardHandler),
		DropPartialOnError: true, // as the reference does
	}
	if p.vector.AttachmentStore == nil || *p.vector.AttachmentStore {
		o.Attachments = a
	}
	if allow := p.vector.Options.AllowCancel; allow != nil {
		o.StreamOptions = func(context.Context, *chatkit.Thread) chatkit.StreamOptions {
			return chatkit.StreamOptions{AllowCancel: *allow}
		}
	}
	return o
}
