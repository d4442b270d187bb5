package run

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// errTrimmed says that a cursor points at events that the log does not hold: they are gone, or they were
// never made.
var errTrimmed = errors.New("the log does not hold these events")

// chunkSize is what a log allocates at a time. Most deltas are a few bytes, so that a chunk holds
// hundreds of them.
const chunkSize = 4 << 10

// coalesceBehind is how many events a reader must be behind before neighbouring text deltas reach it
// as one. A reader that keeps up, or that has missed only a few, sees each event as it was made.
const coalesceBehind = 64

// deltaTail closes the frame of a text delta after its text.
const deltaTail = `"}}`

// A Log holds the events of one run in the order in which they were made, numbered from 1. It only
// grows at its end; beyond its bounds the oldest events are dropped. It is safe for concurrent use.
//
// An event is a JSON object. Text deltas share everything before their text, see [Log.AppendDelta],
// so that a token costs its own bytes and no allocation of its own.
type Log struct {
	mu        sync.Mutex
	entries   []entry
	first     uint64       // number of entries[0]
	chunk     []byte       // the chunk being filled; its entries keep it alive
	size      atomic.Int64 // bytes held
	maxSize   int
	maxEvents int
	ended     bool
	waiting   []*Reader
	total     *atomic.Int64 // bytes held by all logs of the owner
}

// An entry is one event: body alone, or prefix + body + deltaTail when prefix is set.
type entry struct {
	prefix []byte
	body   []byte
}

func newLog(maxSize, maxEvents int, total *atomic.Int64) *Log {
	return &Log{first: uint64(MakeSeq(0, 1)), maxSize: maxSize, maxEvents: maxEvents, total: total}
}

// Append adds an event, a JSON object without newlines. It returns the event's number, or 0 if the
// log has ended. The log copies event.
func (l *Log) Append(event []byte) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return 0
	}
	l.room(len(event))
	start := len(l.chunk)
	l.chunk = append(l.chunk, event...)
	return l.add(entry{body: l.chunk[start:len(l.chunk):len(l.chunk)]})
}

// AppendDelta adds the text delta whose frame is prefix, the escaped text, and `"}}`. Deltas of one
// text must share one prefix slice: its identity is what lets readers that are behind take neighbours
// as one delta. It returns the event's number, or 0 if the log has ended.
func (l *Log) AppendDelta(prefix []byte, text string) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return 0
	}
	// Escaping may still outgrow this; then the text moves to a chunk of its own, and what was written
	// before stays where it is.
	l.room(len(text) + len(text)/8 + 16)
	start := len(l.chunk)
	l.chunk = jsonx.AppendEscaped(l.chunk, text)
	return l.add(entry{prefix: prefix, body: l.chunk[start:len(l.chunk):len(l.chunk)]})
}

// room makes sure that n bytes fit in the chunk.
func (l *Log) room(n int) {
	if cap(l.chunk)-len(l.chunk) >= n {
		return
	}
	l.chunk = make([]byte, 0, max(chunkSize, n))
}

func (l *Log) add(e entry) uint64 {
	l.entries = append(l.entries, e)
	l.grow(e.cost())
	number := l.first + uint64(len(l.entries)) - 1
	over := 0
	for size := int(l.size.Load()); over < len(l.entries)-1 && (size > l.maxSize || len(l.entries)-over > l.maxEvents); over++ {
		size -= l.entries[over].cost()
	}
	l.drop(over)
	l.wake()
	return number
}

// cost is what an entry adds to the log's size: its text and two slice headers.
func (e entry) cost() int { return len(e.body) + 48 }

func (l *Log) grow(n int) {
	l.size.Add(int64(n))
	l.total.Add(int64(n))
}

// drop forgets the oldest n entries. The slots are cleared so that their chunks can be freed.
func (l *Log) drop(n int) {
	for i, e := range l.entries[:n] {
		l.grow(-e.cost())
		l.entries[i] = entry{}
	}
	l.entries = l.entries[n:]
	l.first += uint64(n)
}

// trim drops everything but the newest event.
func (l *Log) trim() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) > 1 {
		l.drop(len(l.entries) - 1)
	}
}

// end closes the log: later appends are refused, and readers get io.EOF once they have read it all.
func (l *Log) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.wake()
}

// Last returns the number of the newest event, 0 if there is none yet.
func (l *Log) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first + uint64(len(l.entries)) - 1
}

// First returns the number of the oldest event that the log holds, that of the next one if it holds none.
func (l *Log) First() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first
}

// Size returns the bytes that the log holds.
func (l *Log) Size() int { return int(l.size.Load()) }

// leave forgets a reader that waits.
func (l *Log) leave(r *Reader) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = slices.DeleteFunc(l.waiting, func(other *Reader) bool { return other == r })
}

func (l *Log) wake() {
	var keeper *Reader
	for i, r := range l.waiting {
		if r.keeps {
			keeper = r
		} else {
			r.signal()
		}
		l.waiting[i] = nil
	}
	if keeper != nil {
		keeper.signal() // last, because the scheduler runs first what was made ready last
	}
	l.waiting = l.waiting[:0]
}

// read appends to dst, as server-sent events, what follows the event before number next, until dst
// has grown by about limit bytes. It returns the number of the first event that was not taken, and
// whether the log has ended there. Nothing to read appends nothing; r is then told when there is.
//
// With a tag, each event carries the id tag-number. The id is the event's last line: the parser of
// the official client takes an id over when it reads the line, and would otherwise claim an event
// whose data never came.
func (l *Log) read(r *Reader, next uint64, dst []byte, limit int, tag string) ([]byte, uint64, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if next < l.first || next > l.first+uint64(len(l.entries)) {
		return dst, next, l.ended, errTrimmed
	}
	at, end := int(next-l.first), len(l.entries) // a log holds fewer than 1<<31 events
	if at == end {
		if !l.ended {
			l.waiting = append(l.waiting, r)
		}
		return dst, next, l.ended, nil
	}
	coalesce := end-at > coalesceBehind
	for limit += len(dst); at < end && len(dst) < limit; at++ {
		e := l.entries[at]
		dst = append(dst, "data: "...)
		if e.prefix == nil {
			dst = append(dst, e.body...)
		} else {
			dst = append(append(dst, e.prefix...), e.body...)
			for coalesce && at+1 < end && samePrefix(l.entries[at+1].prefix, e.prefix) && len(dst) < limit {
				at++
				dst = append(dst, l.entries[at].body...)
			}
			dst = append(dst, deltaTail...)
		}
		dst = append(dst, '\n')
		if tag != "" {
			dst = append(append(append(dst, "id: "...), tag...), '-')
			dst = append(strconv.AppendUint(dst, l.first+uint64(at), 10), '\n')
		}
		dst = append(dst, '\n')
	}
	return dst, l.first + uint64(at), l.ended && at == end, nil
}

// lines appends to dst the events from number next on, a line each, until dst has grown by about limit
// bytes. It returns the number of the first one, which is not next if the log has dropped events, and that
// of the first one that was not taken. If there is nothing to read, r is told when there is.
func (l *Log) lines(r *Reader, next uint64, dst []byte, limit int) (lines []byte, from, to uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next = max(next, l.first)
	at, end := int(next-l.first), len(l.entries) // a log holds fewer than 1<<31 events
	if at >= end {
		if !l.ended && !slices.Contains(l.waiting, r) {
			l.waiting = append(l.waiting, r)
		}
		return dst, next, next
	}
	for taken := len(dst); at < end && len(dst)-taken < limit; at++ {
		e := l.entries[at]
		dst = append(append(dst, e.prefix...), e.body...)
		if e.prefix != nil {
			dst = append(dst, deltaTail...)
		}
		dst = append(dst, '\n')
	}
	return dst, next, l.first + uint64(at)
}

func samePrefix(a, b []byte) bool { return len(a) > 0 && len(b) > 0 && &a[0] == &b[0] }
