package vectortest

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/client"
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
		p := &player{vector: vectors[name], out: &Outcome{Kind: "server", Name: name}}
		if err := p.play(ctx, open, o); err != nil {
			p.out.problem("%v", err)
		}
		outcomes = append(outcomes, p.out)
	}
	return outcomes, nil
}

// A player plays one vector.
type player struct {
	vector *vector
	out    *Outcome
	store  chatkit.Store
	author *author
	driver Driver
	// diverged is set once the server has refused what the reference answered, or the
	// other way round: what is stored at the end cannot be the same then.
	diverged bool
	once     bool            // attachments come once in a message
	open     map[string]bool // items that the server may have finished by itself
	gone     map[string]bool // attachments that went with their thread
	// undone are the threads that the reference left behind in requests that this server refuses.
	undone map[string]bool
}

func (p *player) play(ctx context.Context, open Open, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	store, err := o.Store()
	if err != nil {
		return fmt.Errorf("open a store: %w", err)
	}
	p.store, p.author = inOrder(store), &author{}
	p.undone, p.open, p.gone = map[string]bool{}, map[string]bool{}, map[string]bool{}
	if err := fill(ctx, p.store, p.vector.Initial); err != nil {
		return err
	}
	srv := chatkit.NewServer(p.store, p.author.respond, p.options())
	d, closeDriver, err := open(srv)
	if err != nil {
		return fmt.Errorf("make the server reachable: %w", err)
	}
	defer closeDriver()
	p.driver = d
	for i, x := range p.vector.Exchanges {
		if err := p.exchange(ctx, i, x); err != nil {
			return fmt.Errorf("exchange %d: %w", i, err)
		}
	}
	// Waits until the last turn is stored.
	if err := srv.Shutdown(ctx); err != nil {
		return err
	}
	return p.checkFinal(ctx)
}

func (p *player) options() *chatkit.Options {
	o := &chatkit.Options{
		Action:             p.author.action,
		SyncAction:         p.author.syncAction,
		Feedback:           p.author.addFeedback,
		Transcribe:         p.author.transcribe,
		NewID:              chatkittest.IDs(),
		Now:                chatkittest.Clock(time.Time{}),
		Logger:             slog.New(slog.DiscardHandler),
		DropPartialOnError: true, // as the reference does
	}
	if p.vector.AttachmentStore == nil || *p.vector.AttachmentStore {
		o.Attachments = p.author
	}
	if allow := p.vector.Options.AllowCancel; allow != nil {
		o.StreamOptions = func(context.Context, *chatkit.Thread) chatkit.StreamOptions {
			return chatkit.StreamOptions{AllowCancel: *allow}
		}
	}
	return o
}

func (p *player) exchange(ctx context.Context, i int, x *exchange) error {
	before, err := read(ctx, p.store, attachmentIDs(p.vector))
	if err != nil {
		return err
	}
	w, err := newWish(p.vector, x, before)
	if err != nil {
		return err
	}
	p.out.Applied = append(p.out.Applied, w.applied...)
	waits, left := p.author.begin(x)
	a, err := p.driver.Post(ctx, x.body())
	if err != nil {
		return err
	}
	at := fmt.Sprintf("exchange %d", i)
	switch {
	case w.refused && w.mayAnswer && a.Status == 200:
		p.out.Applied = append(p.out.Applied, w.optional...)
		p.diverged = true
		if a.Next != nil {
			defer a.Leave()
			_, err = readAll(a, -1)
		}
		return err
	case w.refused || a.Status != 200 && w.mayRefuse:
		if !w.refused {
			p.out.Applied = append(p.out.Applied, w.optional...)
		}
		// What the reference refuses, too, or answers with nothing, leaves the same behind.
		p.diverged = p.diverged || w.x.Expect.EndedBy == "" && (w.body != nil || len(w.recorded) > 0)
		p.undo(w)
		if a.Next != nil {
			a.Leave()
		}
		return p.checkRefused(ctx, at, a, w, before)
	case a.Status != 200:
		p.out.problem("%s: refused with %d %s, want %s", at, a.Status, a.Body, x.Expect.Kind)
		return nil
	}
	p.once = p.once || w.once
	p.diverged = p.diverged || w.prefix
	maps.Copy(p.gone, w.gone)
	for _, id := range w.open {
		p.open[id] = true
	}
	if w.stream {
		err = p.checkStream(ctx, at, a, w, waits, left)
	} else {
		err = p.checkDocument(at, a, w)
	}
	if err != nil {
		return err
	}
	return p.checkHooks(at, w)
}

func (p *player) checkStream(ctx context.Context, at string, a *Answer, w *wish, waits, left <-chan struct{}) error {
	if a.Next == nil {
		p.out.problem("%s: a document %s, want a stream", at, a.Body)
		return nil
	}
	defer a.Leave()
	limit := -1
	if w.leaves {
		limit = len(w.events)
	}
	frames, err := readAll(a, limit)
	if err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	if w.leaves {
		// A turn whose client leaves before it has begun does not begin.
		if err := await(ctx, waits); err != nil {
			return fmt.Errorf("the script has not come to where the client leaves: %w", err)
		}
		a.Leave()
		if err := await(ctx, left); err != nil {
			return fmt.Errorf("the script has not seen the client leave: %w", err)
		}
	}
	got := []any{}
	for _, f := range frames {
		v, err := parse(f.Data)
		if err != nil {
			return fmt.Errorf("event %d %q: %w", len(got), f.Data, err)
		}
		got = append(got, v)
	}
	got = slices.DeleteFunc(got, w.ofHidden)
	got = slices.DeleteFunc(got, w.finishes)
	if w.prefix {
		got = got[:min(len(got), len(w.events))]
	}
	p.compare(at+" events", got, w.events)
	p.countBytes(at, wireBytes(frames), w)
	return nil
}

func await(ctx context.Context, c <-chan struct{}) error {
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *player) checkDocument(at string, a *Answer, w *wish) error {
	if a.Next != nil {
		a.Leave()
		p.out.problem("%s: a stream, want a document", at)
		return nil
	}
	got, err := parse(a.Body)
	if err != nil {
		return fmt.Errorf("document %q: %w", a.Body, err)
	}
	p.compare(at+" body", got, w.body)
	p.countBytes(at, string(a.Body), w)
	return nil
}

// checkRefused checks that the server refused with words for the user and changed nothing.
func (p *player) checkRefused(ctx context.Context, at string, a *Answer, w *wish, before *shelf) error {
	if a.Status < 400 || a.Status > 499 && a.Status != w.alsoStatus {
		p.out.problem("%s: answered with %d %s, want a refusal with 4xx", at, a.Status, a.Body)
		return nil
	}
	if w.onlyStatus != 0 && a.Status != w.onlyStatus {
		p.out.problem("%s: refused with %d %s, want %d", at, a.Status, a.Body, w.onlyStatus)
	}
	v, err := parse(a.Body)
	if err != nil {
		return fmt.Errorf("refusal %q: %w", a.Body, err)
	}
	if o, ok := v.(map[string]any); !ok || o["message"] == nil || o["message"] == "" {
		p.out.problem(`%s: refused with %s, want a JSON object with a "message"`, at, a.Body)
	}
	after, err := read(ctx, p.store, attachmentIDs(p.vector))
	if err != nil {
		return err
	}
	p.compare(at+" store after the refusal", after.value(), before.value())
	return nil
}

func (p *player) checkHooks(at string, w *wish) error {
	seen, feedback, deleted, err := p.author.snapshot()
	if err != nil {
		return fmt.Errorf("play the script: %w", err)
	}
	if w.seen != nil {
		p.compare(at+" seen", seen, w.seen)
	}
	if w.deleted != nil {
		p.compare(at+" attachments_deleted", deleted, w.deleted)
	}
	if w.feedback != nil {
		// A single piece of feedback may have been recorded without a list.
		if _, ok := w.feedback.(map[string]any); ok {
			w.feedback = []any{w.feedback}
		}
		p.compare(at+" feedback", feedback, w.feedback)
	}
	return nil
}

// undo notes what the reference left in the store although the request failed.
func (p *player) undo(w *wish) {
	for _, e := range w.recorded {
		if o, ok := e.(map[string]any); ok && o["type"] == "thread.created" {
			if t, ok := o["thread"].(map[string]any); ok {
				if id, ok := t["id"].(string); ok {
					p.undone[id] = true
				}
			}
		}
	}
}

func (p *player) checkFinal(ctx context.Context) error {
	if p.diverged {
		return nil
	}
	sh, err := read(ctx, p.store, attachmentIDs(p.vector))
	if err != nil {
		return err
	}
	want, err := parseContents(p.vector.Final)
	if err != nil {
		return err
	}
	threads := []any{}
	for _, t := range want["threads"].([]any) {
		id, _ := t.(map[string]any)["id"].(string)
		if !p.undone[id] {
			threads = append(threads, t)
		}
	}
	want["threads"] = threads
	got := sh.value()
	p.dropOpen(got["items"], want["items"])
	want["attachments"] = slices.DeleteFunc(want["attachments"].([]any), func(a any) bool { return p.gone[idOf(a)] })
	if p.once {
		sendOnce(want["items"])
	}
	sortByID(got["attachments"])
	sortByID(want["attachments"])
	stripWidgets(got["items"])
	stripWidgets(want["items"])
	p.compare("final", got, want)
	return nil
}

// dropOpen removes the items that the server has finished by itself.
func (p *player) dropOpen(got, want any) {
	lists, _ := got.(map[string]any)
	wanted, _ := want.(map[string]any)
	for thread, list := range lists {
		l, _ := list.([]any)
		known, _ := wanted[thread].([]any)
		lists[thread] = slices.DeleteFunc(slices.Clone(l), func(it any) bool {
			return p.open[idOf(it)] && !slices.ContainsFunc(known, func(k any) bool { return idOf(k) == idOf(it) })
		})
	}
}

func (p *player) compare(path string, got, want any) {
	c := comparer{lenient: true}
	c.compare(path, got, want)
	p.out.Problems = append(p.out.Problems, c.problems...)
	for _, name := range c.applied {
		if !slices.Contains(p.out.Applied, name) {
			p.out.Applied = append(p.out.Applied, name)
		}
	}
}

// countBytes compares an answer with the reference's bytes.
func (p *player) countBytes(at, got string, w *wish) {
	if w.bytes == nil {
		return
	}
	got = zone.ReplaceAllString(got, "$1")
	if got == *w.bytes {
		p.out.Exact++
		return
	}
	why := w.inexact
	if why == "" && strings.Contains(got, `"widget":{`) && len(got) == len(*w.bytes) {
		why = "a widget's members keep the author's order, the reference has one of its own: "
	}
	if w.inexact == "" {
		why += firstDifference(got, *w.bytes)
	}
	p.out.Inexact = append(p.out.Inexact, at+": "+why)
}

// zone matches the zone of a time of the protocol, which the recording has none of.
var zone = regexp.MustCompile(`("created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z`)

// wireBytes are the lines of a stream's events without ids.
func wireBytes(frames []*client.Frame) string {
	var b strings.Builder
	for _, f := range frames {
		for line := range strings.Lines(string(f.Raw)) {
			if !strings.HasPrefix(line, "id:") {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	cut := func(s string) string {
		return s[max(0, min(i-20, len(s))):min(len(s), i+60)]
	}
	return fmt.Sprintf("at byte %d %q, want %q", i, cut(got), cut(want))
}
