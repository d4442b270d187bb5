package memengine

import (
	"bytes"
	"time"

	"github.com/gochatkit/chatkit/core/run"
)

// A ChangeKind says what a [Change] changes.
type ChangeKind byte

// The kinds of changes.
const (
	Claimed   ChangeKind = 'C' // a run began: Claim, Epoch, At
	Appended  ChangeKind = 'B' // its log grew: Batch
	Signalled ChangeKind = 'S' // somebody wants something: Signal
	TakenOver ChangeKind = 'T' // it has another owner: Epoch, Node, At
	Ended     ChangeKind = 'E' // it has ended: Outcome, At
)

// A Change is one step in the life of a run.
type Change struct {
	Kind    ChangeKind
	Key     run.Key
	Claim   run.ClaimRequest
	Epoch   uint64
	Node    string
	Batch   run.Batch
	Signal  run.Signal
	Outcome run.Outcome
	At      time.Time
}

// An entry is a run as the engine knows it.
type entry struct {
	info       run.RunInfo
	name       string // its idempotency key
	shared     bool
	ttl        time.Duration
	generation uint32
	expires    time.Time
	until      time.Time // when an ended run is forgotten
	signal     *run.Signal
	batches    []run.Batch
	size       int
	dropped    run.Seq // the last event that was dropped
}

// Restore repeats changes that a journal has kept, in order. Leases of runs that have not ended count as
// expired: their owner is the process that has died. It must be called before anything else.
func (e *Engine) Restore(changes func(yield func(Change) bool)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range changes {
		if _, ok := e.runs[c.Key]; ok != (c.Kind == Claimed) {
			e.apply(c)
		}
	}
	for _, en := range e.runs {
		en.expires = time.Time{}
	}
}

// apply carries out a change that has been checked. e.mu is held.
func (e *Engine) apply(c Change) {
	if c.Kind == Claimed {
		e.begin(c)
		return
	}
	en := e.runs[c.Key]
	switch c.Kind {
	case Appended:
		en.batches = append(en.batches, c.Batch)
		en.info.Head = c.Batch.Last
		en.size += len(c.Batch.Data)
		for en.size > e.opts.MaxLog && len(en.batches) > 1 {
			en.size -= len(en.batches[0].Data)
			en.dropped = en.batches[0].Last
			en.batches[0] = run.Batch{} // its memory is to be free
			en.batches = en.batches[1:]
		}
	case Signalled:
		en.signal = &c.Signal
	case TakenOver:
		e.epochs = max(e.epochs, c.Epoch)
		en.info.Epoch, en.info.Node = c.Epoch, c.Node
		en.generation++
		en.expires = c.At.Add(en.ttl)
	case Ended:
		en.info.Status, en.info.Reason = c.Outcome.Status, c.Outcome.Reason
		en.info.Duration = c.At.Sub(en.info.Started)
		en.until = c.At.Add(max(c.Outcome.Retain, 0))
		if slot := (slotKey{c.Key.Owner, c.Key.Thread}); e.slots[slot] == c.Key {
			delete(e.slots, slot)
		}
		e.end(en)
	case Claimed:
	}
}

func (e *Engine) begin(c Change) {
	e.epochs = max(e.epochs, c.Epoch)
	en := &entry{
		info: run.RunInfo{
			Key: c.Key, Kind: c.Claim.Kind, Node: c.Claim.Node, Epoch: c.Epoch, Status: run.Active, Started: c.At,
		},
		name: c.Claim.Idempotency, shared: c.Claim.Shared, ttl: c.Claim.TTL, expires: c.At.Add(c.Claim.TTL),
	}
	e.runs[c.Key] = en
	if !en.shared {
		e.slots[slotKey{c.Key.Owner, c.Key.Thread}] = c.Key
	}
	if en.name != "" {
		e.names[nameKey{c.Key.Owner, en.name}] = c.Key
	}
}

// after returns the part of a batch behind the event with a number.
func after(b run.Batch, s run.Seq) run.Batch {
	if b.First > s {
		return b
	}
	skip := uint64(s - b.First + 1)
	data := b.Data
	for range skip {
		data = data[bytes.IndexByte(data, '\n')+1:]
	}
	return run.Batch{First: s + 1, Last: b.Last, Data: data}
}
