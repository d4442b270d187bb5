package chatkit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// headerIdempotency is the client's own name for a request. A second one with the same name is the
	// same turn.
	headerIdempotency = "Idempotency-Key"
	// headerFrame names one instance of the official client. Together with an equal body it tells a request
	// that a proxy, or the client's own retries, sent twice.
	headerFrame = "chatkit-frame-instance-id"

	maxIdempotencyKey = 255            // bytes
	idempotencyWindow = 24 * time.Hour // how long a key is remembered
	createWindow      = time.Minute    // how long a new thread's request is remembered after its turn
	maxRemembered     = 100_000        // requests
)

// errKeyReused refuses a key that named another request before.
var errKeyReused = refuse(http.StatusConflict, "this Idempotency-Key was used for another request")

// duplicates remembers which request began which turn, so that one that arrives twice is answered once.
// It is safe for concurrent use.
type duplicates struct {
	mu   sync.Mutex
	seen map[[32]byte]*firstRequest
}

// A firstRequest is a request of which a duplicate may come.
type firstRequest struct {
	body  [32]byte
	since time.Time
	keep  time.Duration // how long it is remembered after its turn has ended

	ready chan struct{} // closed when turn is set
	turn  *turnRef      // nil if the request was refused
}

// A turnRef names a turn without keeping its events in memory.
type turnRef struct {
	thread, run, input string // ids; input is empty if the turn answers no message
	done               <-chan struct{}
}

func (t *Turn) ref() *turnRef {
	ref := &turnRef{thread: t.rec.thread, run: t.rec.run.ID(), done: t.rec.run.Done()}
	if t.Input != nil {
		ref.input = t.Input.ID
	}
	return ref
}

// once answers a request by begin, or by the turn that an equal request has begun before.
func (s *Server) once(ctx context.Context, owner string, req *Request, r request, begin func() (*Result, error)) (*Result, error) {
	key, keep, err := duplicateKey(owner, req, r)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return begin()
	}
	body := sha256.Sum256(req.Body)
	for {
		first, mine := s.duplicates.enter(*key, body, keep, s.opts.Now())
		if mine {
			result, err := begin()
			s.duplicates.settle(*key, first, result)
			return result, err
		}
		select {
		case <-first.ready:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for an equal request: %w", ctx.Err())
		}
		if first.turn == nil {
			continue // that one was refused; try again in its place
		}
		if first.body != body {
			return nil, errKeyReused
		}
		s.opts.Logger.InfoContext(ctx, "chatkit: a request came twice", "type", r.requestType(), "thread", first.turn.thread)
		return s.join(ctx, owner, req, first.turn)
	}
}

// duplicateKey tells by what a request is known again, nil if by nothing, and for how long after its turn.
func duplicateKey(owner string, req *Request, r request) (key *[32]byte, keep time.Duration, err error) {
	if name := req.header(headerIdempotency); name != "" {
		if len(name) > maxIdempotencyKey {
			return nil, 0, refuse(http.StatusBadRequest, "Idempotency-Key is longer than %d bytes", maxIdempotencyKey)
		}
		sum := sha256.Sum256([]byte("key\x00" + owner + "\x00" + name))
		return &sum, idempotencyWindow, nil
	}
	frame := req.header(headerFrame)
	if frame == "" {
		return nil, 0, nil
	}
	switch r.(type) {
	case *createThreadRequest:
		keep = createWindow
	case *customActionRequest:
		return nil, 0, nil // two clicks on one button are two actions
	}
	h := sha256.New()
	fmt.Fprintf(h, "body\x00%s\x00%s\x00", owner, frame)
	h.Write(req.Body)
	sum := [32]byte(h.Sum(nil))
	return &sum, keep, nil
}

// enter returns the entry for a key, and whether the caller is the first and has to settle it.
func (d *duplicates) enter(key, body [32]byte, keep time.Duration, now time.Time) (first *firstRequest, mine bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first := d.seen[key]; first != nil && !first.over(now) {
		return first, false
	}
	if d.seen == nil {
		d.seen = map[[32]byte]*firstRequest{}
	}
	if len(d.seen) >= maxRemembered {
		for k, first := range d.seen {
			if first.over(now) {
				delete(d.seen, k)
			}
		}
		for k, first := range d.seen { // still too many: forget what can be missed
			if len(d.seen) < maxRemembered {
				break
			}
			select {
			case <-first.ready:
				delete(d.seen, k)
			default:
			}
		}
	}
	first = &firstRequest{ready: make(chan struct{}), body: body, since: now, keep: keep}
	d.seen[key] = first
	return first, true
}

// over reports whether a duplicate of the request is a request of its own by now.
func (f *firstRequest) over(now time.Time) bool {
	select {
	case <-f.ready:
	default:
		return false
	}
	if f.turn == nil {
		return true
	}
	select {
	case <-f.turn.done:
		return now.Sub(f.since) > f.keep
	default:
		return false
	}
}

// settle says what became of the first request; a nil result means that it was refused.
func (d *duplicates) settle(key [32]byte, first *firstRequest, result *Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if result != nil {
		first.turn = result.turn().ref()
	} else {
		delete(d.seen, key)
	}
	close(first.ready)
}

// join answers with a turn that is there already, from its first event on.
func (s *Server) join(ctx context.Context, owner string, req *Request, ref *turnRef) (*Result, error) {
	found, err := s.runs.Find(owner, ref.thread, ref.run)
	if err != nil {
		return s.replay(ctx, owner, ref.thread, ref.input)
	}
	return s.rejoin(ctx, owner, req, found, 0)
}
