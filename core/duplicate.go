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
	maxRemembered     = 10_000         // requests of one owner
)

// errKeyReused refuses a key that named another request before.
var errKeyReused = refuse(http.StatusConflict, "this Idempotency-Key was used for another request")

// duplicates remembers which request began which turn, so that one that arrives twice is answered once.
// It is safe for concurrent use.
type duplicates struct {
	mu     sync.Mutex
	owners map[string]*remembered
}

// remembered are the requests of one owner.
type remembered struct {
	seen  map[[32]byte]*firstRequest
	order []order // oldest first
}

// An order is a place in the line of those to be forgotten.
type order struct {
	key   [32]byte
	first *firstRequest
}

// A firstRequest is a request of which a duplicate may come.
type firstRequest struct {
	body  [32]byte
	since time.Time
	keep  time.Duration // how long it is remembered after its turn has ended

	ready chan struct{} // closed when turn is set
	turn  *turnRef      // nil if the request was refused
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
		first, mine := s.duplicates.enter(owner, *key, body, keep, s.opts.Now())
		if mine {
			return s.first(owner, *key, first, begin)
		}
		select {
		case <-first.ready:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for an equal request: %w", ctx.Err())
		}
		if first.refused() {
			continue // try again in its place
		}
		if first.body != body {
			return nil, errKeyReused
		}
		s.opts.Logger.InfoContext(ctx, "chatkit: a request came twice", "type", r.requestType(), "thread", first.turn.thread)
		return s.rejoin(ctx, owner, req, first.turn, 0)
	}
}

// first answers a request that is the first of its kind. However that ends, those that wait for it are told.
func (s *Server) first(owner string, key [32]byte, first *firstRequest, begin func() (*Result, error)) (result *Result, err error) {
	defer func() { s.duplicates.settle(owner, key, first, result) }()
	return begin()
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

// enter returns the entry for a key, and whether the caller is the first and has to settle it. A new entry
// costs the owner's oldest one if there are too many: owners do not push each other out.
func (d *duplicates) enter(owner string, key, body [32]byte, keep time.Duration, now time.Time) (first *firstRequest, mine bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for other, r := range d.owners { // one at a time, and a map begins anywhere: each has its turn
		if r.sweep(now); len(r.order) == 0 {
			delete(d.owners, other)
		}
		break
	}
	own := d.owners[owner]
	if own == nil {
		if d.owners == nil {
			d.owners = map[string]*remembered{}
		}
		own = &remembered{seen: map[[32]byte]*firstRequest{}}
		d.owners[owner] = own
	}
	if first := own.seen[key]; first != nil && !first.over(now) {
		return first, false
	}
	own.sweep(now)
	first = &firstRequest{ready: make(chan struct{}), body: body, since: now, keep: keep}
	own.seen[key] = first
	own.order = append(own.order, order{key, first})
	return first, true
}

// sweep drops what is over from the old end, and the oldest if there are too many. It looks at a few entries
// only, so that a full table costs no more than an empty one.
func (r *remembered) sweep(now time.Time) {
	for range 4 {
		if len(r.order) == 0 {
			return
		}
		oldest := r.order[0]
		if r.seen[oldest.key] == oldest.first {
			if !oldest.first.over(now) && len(r.order) < maxRemembered {
				return
			}
			delete(r.seen, oldest.key)
		}
		r.order[0] = order{}
		r.order = r.order[1:]
	}
}

// refused reports whether the request was refused, be it after its answer had begun: it has left nothing behind.
// ready is closed.
func (f *firstRequest) refused() bool { return f.turn == nil || f.turn.refused.Load() }

// over reports whether a duplicate of the request is a request of its own by now.
func (f *firstRequest) over(now time.Time) bool {
	select {
	case <-f.ready:
	default:
		return false
	}
	if f.refused() {
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
func (d *duplicates) settle(owner string, key [32]byte, first *firstRequest, result *Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if turn := result.turn(); turn != nil {
		first.turn = turn
	} else if own := d.owners[owner]; own != nil && own.seen[key] == first {
		delete(own.seen, key)
	}
	close(first.ready)
}
