package memengine

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// ErrClosed is returned by every method after Close.
var ErrClosed = errors.New("engine is closed")

// What is kept in memory, unless [Options] say otherwise.
const (
	DefaultMaxLog   = 64 << 20 // bytes of one run's log
	DefaultMaxEnded = 64 << 20 // bytes of the logs of all runs that have ended
)

// Options change an engine. The zero value works.
type Options struct {
	// Now is the engine's clock. Defaults to time.Now.
	Now func() time.Time
	// MaxLog bounds the bytes kept of one run's log; the oldest batches are dropped. Defaults to DefaultMaxLog.
	MaxLog int
	// MaxEnded bounds the bytes kept of the logs of all runs that have ended; the logs of those that ended first are
	// dropped whole, and what is known of the runs stays. Defaults to DefaultMaxEnded.
	MaxEnded int
	// Journal is told of every change before it takes effect. Defaults to none.
	Journal Journal
}

// A Journal makes changes durable. It is called with the engine's lock held, in the order of the changes.
type Journal interface {
	// Write records a change. An error makes the change fail.
	Write(c Change) error
	// Forget says that a run is no longer kept.
	Forget(k run.Key)
}

// An Engine keeps runs in memory. See [run.Engine] for what it promises. It is safe for concurrent use.
type Engine struct {
	opts Options

	mu        sync.Mutex
	closed    bool
	sweep     time.Time // when to look for runs to forget again
	runs      map[run.Key]*entry
	ended     []*entry // those of them that have ended and whose logs are kept, in this order
	endedSize int      // of their logs
	slots     map[slotKey]run.Key
	names     map[nameKey]run.Key // by idempotency key
	epochs    uint64              // the last one given
	nextID    int
	watchers  map[int]watcher
	listeners map[int]listener
}

var _ run.Engine = (*Engine)(nil)

type (
	slotKey  struct{ owner, thread string }
	nameKey  struct{ owner, name string }
	listener struct {
		node string
		f    func(run.Signal)
	}
	watcher struct {
		key run.Key
		f   func(run.Batch)
	}
)

// New returns an empty engine. Nil opts means defaults.
func New(opts *Options) *Engine {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxLog <= 0 {
		o.MaxLog = DefaultMaxLog
	}
	if o.MaxEnded <= 0 {
		o.MaxEnded = DefaultMaxEnded
	}
	return &Engine{
		opts: o, runs: map[run.Key]*entry{}, slots: map[slotKey]run.Key{}, names: map[nameKey]run.Key{},
		watchers: map[int]watcher{}, listeners: map[int]listener{},
	}
}

// enter takes the lock and checks what every method checks. The caller unlocks.
func (e *Engine) enter(ctx context.Context) error {
	e.mu.Lock()
	if e.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	e.forget()
	return nil
}

func (e *Engine) write(c Change) error {
	if e.opts.Journal == nil {
		return nil
	}
	return e.opts.Journal.Write(c)
}

// Claim implements [run.Engine].
func (e *Engine) Claim(ctx context.Context, r run.ClaimRequest) (*run.Lease, error) {
	sent := time.Now()
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	if r.Idempotency != "" {
		if k, ok := e.names[nameKey{r.Owner, r.Idempotency}]; ok {
			return nil, &run.DuplicateError{Run: e.info(e.runs[k])}
		}
	}
	if _, ok := e.runs[r.Key]; ok {
		return nil, &run.DuplicateError{Run: e.info(e.runs[r.Key])}
	}
	slot := slotKey{r.Owner, r.Thread}
	if holder, ok := e.slots[slot]; ok && !r.Shared {
		return nil, &run.BusyError{Holder: e.info(e.runs[holder])}
	}
	now := e.opts.Now()
	c := Change{Kind: Claimed, Key: r.Key, Claim: r, Epoch: e.nextEpoch(now), At: now}
	if err := e.write(c); err != nil {
		return nil, err
	}
	e.apply(c)
	return e.lease(e.runs[r.Key], sent), nil
}

func (e *Engine) nextEpoch(now time.Time) uint64 {
	return max(e.epochs+1, uint64(max(now.UnixMicro(), 0)))
}

func (e *Engine) lease(en *entry, sent time.Time) *run.Lease {
	return &run.Lease{
		Key: en.info.Key, Node: en.info.Node, Epoch: en.info.Epoch, Generation: en.generation, Head: en.info.Head,
		Sent: sent, TTL: en.ttl,
	}
}

// own returns the run of a lease, if it is still the holder's. e.mu is held.
func (e *Engine) own(l *run.Lease) (*entry, error) {
	en, ok := e.runs[l.Key]
	if !ok || en.info.Epoch != l.Epoch {
		return nil, run.ErrFenced
	}
	return en, nil
}

// Append implements [run.Engine].
func (e *Engine) Append(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, error) {
	answer, news, err := e.append(ctx, l, b)
	news.tell()
	return answer, err
}

func (e *Engine) append(ctx context.Context, l *run.Lease, b run.Batch) (run.Feedback, news, error) {
	sent := time.Now()
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return run.Feedback{}, news{}, err
	}
	en, err := e.own(l)
	if err != nil {
		return run.Feedback{}, news{}, err
	}
	if en.info.Status != run.Active {
		return run.Feedback{}, news{}, run.ErrFenced
	}
	stored, err := e.extend(en, b)
	if err != nil {
		return run.Feedback{}, news{}, err
	}
	en.expires = e.opts.Now().Add(en.ttl)
	l.Head, l.Sent = en.info.Head, sent
	return e.feedback(en), stored, nil
}

// news is a batch that was stored, and who wants to know. They are told without the lock.
type news struct {
	batch    run.Batch
	watchers []func(run.Batch)
}

func (n news) tell() {
	for _, f := range n.watchers {
		f(n.batch)
	}
}

// extend puts a batch behind the log, without what the log has already. e.mu is held.
func (e *Engine) extend(en *entry, b run.Batch) (stored news, err error) {
	head := en.info.Head.Place()
	if len(b.Data) == 0 || b.Last.Place() <= head {
		return news{}, nil
	}
	if b.First.Place() > head+1 {
		return news{}, &run.GapError{Head: en.info.Head}
	}
	if b.First.Place() <= head {
		b = after(b, run.MakeSeq(b.First.Generation(), head))
	}
	b.Data = bytes.Clone(b.Data)
	c := Change{Kind: Appended, Key: en.info.Key, Batch: b}
	if err := e.write(c); err != nil {
		return news{}, err
	}
	e.apply(c)
	stored.batch = b
	for _, w := range e.watchers {
		if w.key == en.info.Key {
			stored.watchers = append(stored.watchers, w.f)
		}
	}
	return stored, nil
}

func (e *Engine) feedback(en *entry) (f run.Feedback) {
	if en.signal != nil {
		s := *en.signal
		f.Signal = &s
	}
	for _, w := range e.watchers {
		f.Watched = f.Watched || w.key == en.info.Key
	}
	return f
}

// Renew implements [run.Engine].
func (e *Engine) Renew(ctx context.Context, l *run.Lease) (run.Feedback, error) {
	answer, _, err := e.append(ctx, l, run.Batch{})
	return answer, err
}

// Finish implements [run.Engine].
func (e *Engine) Finish(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) error {
	news, err := e.finish(ctx, l, b, o)
	news.tell()
	return err
}

func (e *Engine) finish(ctx context.Context, l *run.Lease, b run.Batch, o run.Outcome) (news, error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return news{}, err
	}
	en, err := e.own(l)
	if err != nil {
		return news{}, err
	}
	if en.info.Status != run.Active {
		return news{}, nil // the same end again
	}
	stored, err := e.extend(en, b)
	if err != nil {
		return news{}, err
	}
	c := Change{Kind: Ended, Key: l.Key, Outcome: o, At: e.opts.Now()}
	if err := e.write(c); err != nil {
		return stored, err
	}
	e.apply(c)
	return stored, nil
}

// Signal implements [run.Engine].
func (e *Engine) Signal(ctx context.Context, s run.Signal) error {
	tell, err := e.signal(ctx, s)
	for _, f := range tell {
		f(s)
	}
	return err
}

func (e *Engine) signal(ctx context.Context, s run.Signal) (tell []func(run.Signal), err error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	en, ok := e.runs[s.Key]
	if !ok {
		return nil, run.ErrNoRun
	}
	if en.info.Status != run.Active || en.signal != nil {
		return nil, nil
	}
	c := Change{Kind: Signalled, Key: s.Key, Signal: s}
	if err := e.write(c); err != nil {
		return nil, err
	}
	e.apply(c)
	for _, l := range e.listeners {
		if l.node == en.info.Node {
			tell = append(tell, l.f)
		}
	}
	return tell, nil
}

// Lookup implements [run.Engine].
func (e *Engine) Lookup(ctx context.Context, k run.Key) (run.RunInfo, error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return run.RunInfo{}, err
	}
	if k.Run == "" {
		k = e.slots[slotKey{k.Owner, k.Thread}]
	}
	en, ok := e.runs[k]
	if !ok {
		return run.RunInfo{}, run.ErrNoRun
	}
	return e.info(en), nil
}

// info returns what is known of a run now.
func (e *Engine) info(en *entry) run.RunInfo {
	info := en.info
	info.Expired = info.Status == run.Active && !e.opts.Now().Before(en.expires)
	return info
}

// Read implements [run.Engine].
func (e *Engine) Read(ctx context.Context, k run.Key, from run.Seq, limit int) (run.LogPage, error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return run.LogPage{}, err
	}
	en, ok := e.runs[k]
	if !ok {
		return run.LogPage{}, run.ErrNoRun
	}
	page := run.LogPage{Head: en.info.Head}
	// Compared by number and not by place: who has seen events of a dead owner that the log never got is to
	// get all of the next generation.
	i, _ := slices.BinarySearchFunc(en.batches, from+1, func(b run.Batch, s run.Seq) int { return cmp.Compare(b.Last, s) })
	page.Trimmed = en.dropped > from
	for ; i < len(en.batches) && len(page.Batches) < limit; i++ {
		page.Batches = append(page.Batches, after(en.batches[i], from))
	}
	page.Ended = en.info.Status != run.Active && i == len(en.batches)
	return page, nil
}

// Watch implements [run.Engine].
func (e *Engine) Watch(ctx context.Context, k run.Key, f func(run.Batch)) (stop func(), err error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	if _, ok := e.runs[k]; !ok {
		return nil, run.ErrNoRun
	}
	e.nextID++
	id := e.nextID
	e.watchers[id] = watcher{k, f}
	return func() { e.mu.Lock(); defer e.mu.Unlock(); delete(e.watchers, id) }, nil
}

// Listen implements [run.Engine].
func (e *Engine) Listen(ctx context.Context, node string, f func(run.Signal)) (stop func(), err error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	e.nextID++
	id := e.nextID
	e.listeners[id] = listener{node, f}
	return func() { e.mu.Lock(); defer e.mu.Unlock(); delete(e.listeners, id) }, nil
}

// Orphans implements [run.Engine].
func (e *Engine) Orphans(ctx context.Context, limit int) ([]run.RunInfo, error) {
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	var orphans []run.RunInfo
	for _, en := range e.runs {
		if info := e.info(en); info.Expired {
			orphans = append(orphans, info)
		}
	}
	slices.SortFunc(orphans, func(a, b run.RunInfo) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Run, b.Run)) })
	return orphans[:min(len(orphans), limit)], nil
}

// TakeOver implements [run.Engine].
func (e *Engine) TakeOver(ctx context.Context, r run.RunInfo, node string) (*run.Lease, error) {
	sent := time.Now()
	defer e.mu.Unlock()
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	en, ok := e.runs[r.Key]
	if !ok {
		return nil, run.ErrNoRun
	}
	if en.info.Epoch != r.Epoch || !e.info(en).Expired {
		return nil, run.ErrTaken
	}
	now := e.opts.Now()
	c := Change{Kind: TakenOver, Key: r.Key, Epoch: e.nextEpoch(now), Node: node, At: now}
	if err := e.write(c); err != nil {
		return nil, err
	}
	e.apply(c)
	return e.lease(en, sent), nil
}

// Close implements [run.Engine].
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return nil
}
