package run

import (
	"context"
	"crypto/rand"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// tagLength is how much of a run's id its event ids begin with.
const tagLength = 8

// tagOf shortens a run's id to what its event ids begin with.
func tagOf(id string) string { return id[max(0, len(id)-tagLength):] }

// A Manager owns the runs of one process: it gives each thread to one run at a time, watches over
// them and ends them. It is safe for concurrent use.
type Manager struct {
	cfg   Config
	node  string // this process's name for the engine
	start time.Time
	total atomic.Int64 // bytes in all logs

	// Locks are taken in the order Manager, Run, Log; a Log takes none.
	mu      sync.Mutex
	closing bool
	open    int           // runs whose end has not been told to everybody
	idle    chan struct{} // closed when closing and nothing is open
	slots   map[slotKey]*slot
	active  map[string]*Run // by id, from Start to the end
	owners  map[string]int  // how many of them an owner has
	tags    map[string]*Run // by tag, as long as the run can be found
	kept    []*Run          // ended runs, oldest first
	expiry  *time.Timer     // forgets them; nil while there are none
	owed    map[Key]Outcome // of ended runs, which the engine has not taken
	failed  map[Key]int     // of runs whose process has died, how often they could not be ended
	leaked  int
	pulse   *time.Timer
	end     endFunc // of runs whose process has died; nil before Recover
}

// NewManager returns a Manager with the given limits.
func NewManager(cfg Config) *Manager {
	return &Manager{
		cfg: cfg.withDefaults(), node: "node_" + rand.Text(), start: time.Now(),
		slots: map[slotKey]*slot{}, active: map[string]*Run{}, owners: map[string]int{}, tags: map[string]*Run{}, idle: make(chan struct{}),
		owed: map[Key]Outcome{}, failed: map[Key]int{},
	}
}

// now is the time since the manager's start, which is cheaper to read and to keep than a time.Time.
func (m *Manager) now() time.Duration { return time.Since(m.start) }

// since is a time since the manager's start.
func (m *Manager) since(t time.Time) time.Duration { return t.Sub(m.start) }

// Start begins a run and returns it with its first reader, which must be closed. It returns when the
// input is stored, or after Config.HeaderWait if the thread is not free by then; what fails later is
// told by Spec.Refused. An error means that the run never began: ErrClosed, ErrBusy, ErrTooManyRuns, ErrDropped,
// what the engine says, or whatever Prepare returned.
func (m *Manager) Start(ctx context.Context, spec Spec) (*Run, *Reader, error) {
	r := &Run{
		m: m, spec: spec, ready: make(chan struct{}), done: make(chan struct{}),
		readers: map[*Reader]struct{}{}, record: End{Run: spec.ID, Status: Active},
	}
	r.log = newLog(m.cfg.MaxLogSize, m.cfg.MaxLogEvents, &m.total)
	r.ctx, r.end = context.WithCancelCause(context.WithoutCancel(ctx))
	r.begun = m.now()
	r.quiet.since = r.begun
	if spec.Bind != nil {
		spec.Bind(r)
	}
	reader, err := r.attach(0)
	if err != nil {
		return nil, nil, err
	}
	m.mu.Lock()
	if m.closing {
		m.mu.Unlock()
		return nil, nil, ErrClosed
	}
	if len(m.active) >= m.cfg.MaxRuns || spec.Owner != "" && m.owners[spec.Owner] >= m.cfg.MaxOwnerRuns {
		m.mu.Unlock()
		return nil, nil, ErrTooManyRuns
	}
	m.owners[spec.Owner]++
	m.open++ // under the lock that closing takes, so that no run slips in after the wait began
	m.active[spec.ID] = r
	m.tags[tagOf(spec.ID)] = r
	m.tick()
	m.mu.Unlock()

	go r.execute()
	patience := time.NewTimer(m.cfg.HeaderWait)
	defer patience.Stop()
	select {
	case <-r.ready:
	case <-patience.C:
	}
	select {
	case <-r.ready:
		if r.refused != nil {
			reader.Close()
			return nil, nil, r.refused
		}
	default:
	}
	return r, reader, nil
}

// Exclusive ends the run in progress on a thread with the given cause, waits until its end is on
// record, and calls fn while no run can begin there.
func (m *Manager) Exclusive(ctx context.Context, spec Spec, fn func(ctx context.Context) error) error {
	spec.Prepare = func(ctx context.Context, _ *Run) error { return fn(ctx) }
	spec.Produce = nil
	spec.Finish = func(context.Context, Stopped) error { return nil }
	spec.Disconnect = Keep(0)
	r, reader, err := m.Start(ctx, spec)
	if err != nil {
		return err
	}
	defer reader.Close()
	<-r.ready
	return r.refused
}

// Find returns the run with the given id if it is active or still kept, and belongs to owner and thread;
// otherwise ErrUnknownRun.
func (m *Manager) Find(owner, thread, id string) (*Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.active[id]
	if r == nil {
		if i := slices.IndexFunc(m.kept, func(r *Run) bool { return r.spec.ID == id }); i >= 0 {
			r = m.kept[i]
		}
	}
	if r == nil || r.spec.Owner != owner || r.spec.Thread != thread {
		return nil, ErrUnknownRun
	}
	return r, nil
}

// FindEvent returns the run that an event id belongs to, and the event's number, if the run is active or
// still kept and belongs to owner; otherwise ErrUnknownRun. Thread may be empty if the client does not know it.
func (m *Manager) FindEvent(owner, thread, eventID string) (*Run, uint64, error) {
	tag, number, ok := parseEventID(eventID)
	if !ok {
		return nil, 0, ErrUnknownRun
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.tags[tag]
	if r == nil || r.spec.Owner != owner || thread != "" && r.spec.Thread != thread {
		return nil, 0, ErrUnknownRun
	}
	return r, number, nil
}

// maxEventNumber is the largest number that every client can hold exactly.
const maxEventNumber = 1<<53 - 1

// parseEventID takes apart an id that a client sent: a tag, a hyphen, and a bounded number.
func parseEventID(id string) (tag string, number uint64, ok bool) {
	if len(id) > tagLength+1+16 {
		return "", 0, false
	}
	tag, digits, ok := strings.Cut(id, "-")
	if !ok || len(tag) != tagLength {
		return "", 0, false
	}
	number, err := strconv.ParseUint(digits, 10, 64)
	return tag, number, err == nil && number <= maxEventNumber
}

// Attach adds a reader to a run. It continues after the event with the number after; 0 means from the
// beginning. A number of which the log knows nothing gets a snapshot of the run instead. It returns
// ErrTooManyReaders if the run has as many as Config.MaxReaders.
func (m *Manager) Attach(r *Run, after uint64) (*Reader, error) {
	return r.attach(after)
}

// Active returns the run that holds a thread, or nil.
func (m *Manager) Active(owner, thread string) *Run {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.slots[slotKey{owner, thread}]; s != nil {
		return s.holder
	}
	return nil
}

// Settle waits until no run of the thread is just being finished, at most limit, so that what is read
// from the store next includes a partial answer that is on its way there.
func (m *Manager) Settle(ctx context.Context, owner, thread string, limit time.Duration) {
	r := m.Active(owner, thread)
	if r == nil || !r.settling() {
		return
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-r.done:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Running returns how many runs have not ended.
func (m *Manager) Running() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.active)
}

// Leaked returns how many producers and calls of the engine were left behind since the start because they ignored
// the end of their context.
func (m *Manager) Leaked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.leaked
}

// closed is told of each run's end.
func (m *Manager) closed(r *Run, end End) {
	counts := r.refused == nil && r.spec.Produce != nil
	m.mu.Lock()
	delete(m.active, r.spec.ID)
	if m.owners[r.spec.Owner]--; m.owners[r.spec.Owner] == 0 {
		delete(m.owners, r.spec.Owner)
	}
	if end.Abandoned {
		m.leaked++
	}
	if keep := counts && m.cfg.Retain > 0 && !m.closing; keep {
		m.keep(r)
	} else {
		m.untag(r)
	}
	m.mu.Unlock()
	defer func() {
		r.forgetPhases()
		m.mu.Lock()
		defer m.mu.Unlock()
		m.open--
		m.tellIdle()
	}()
	if m.cfg.OnEnd != nil && counts {
		m.tell(func() { m.cfg.OnEnd(end) })
	}
}

// tell calls the hook. A panic of its must not take the process along, and every other answer with it.
func (m *Manager) tell(hook func()) {
	defer func() {
		if v := recover(); v != nil && m.cfg.OnPanic != nil {
			m.cfg.OnPanic(&PanicError{Value: v, Stack: debug.Stack()})
		}
	}()
	hook()
}

// tellIdle closes idle when there is nothing left to wait for. m.mu is held.
func (m *Manager) tellIdle() {
	if !m.closing || m.open > 0 {
		return
	}
	select {
	case <-m.idle:
	default:
		close(m.idle)
	}
}

// tick sees to it that the runs are looked after while there are any. m.mu is held.
func (m *Manager) tick() {
	if m.pulse == nil {
		m.pulse = time.AfterFunc(m.period(), m.beat)
	}
}

// period is how often the runs are looked after: often enough for the shortest limit.
func (m *Manager) period() time.Duration {
	p := 8 * time.Second
	for _, d := range []time.Duration{m.cfg.Heartbeat, m.cfg.Stall, m.cfg.MaxDuration, m.cfg.Quiet, m.cfg.Blocked} {
		if d > 0 {
			p = min(p, d)
		}
	}
	return max(p/8, time.Millisecond)
}

func (m *Manager) beat() {
	m.mu.Lock()
	runs := slices.Collect(maps.Values(m.active))
	m.mu.Unlock()
	now := m.now()
	for _, r := range runs {
		for _, q := range r.beat(now) {
			m.tell(func() { m.cfg.OnQuiet(q) })
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pulse = nil
	m.shrink()
	if len(m.active) > 0 {
		m.tick()
	}
}

// Shutdown refuses new runs, lets those in progress go on for Config.Drain, ends the rest with
// ErrShutdown and waits until all ends are on record. If ctx has a deadline, part of the time that
// is left is kept for the ends. It returns the context's cause if ctx ends first.
func (m *Manager) Shutdown(ctx context.Context) error {
	m.mu.Lock()
	m.closing = true
	m.tellIdle()
	m.mu.Unlock()
	drain := max(m.cfg.Drain, 0)
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		drain = min(drain, left-min(left/2, m.cfg.StopTimeout))
	}
	timer := time.NewTimer(drain)
	defer timer.Stop()
	select {
	case <-m.idle:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	m.mu.Lock()
	var runs []*Run
	for _, s := range m.slots { // who waits for a thread goes first, so as not to get it now
		for _, t := range s.queue {
			runs = append(runs, t.run)
		}
	}
	runs = slices.AppendSeq(runs, maps.Values(m.active))
	m.mu.Unlock()
	for _, r := range runs {
		r.Cancel(ErrShutdown, "")
	}
	select {
	case <-m.idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
