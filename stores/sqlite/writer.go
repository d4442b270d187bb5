package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
)

// maxGroup bounds how many writes share a transaction, so that the first one does not
// wait for an endless stream of later ones, nor another process for its turn.
const maxGroup = 128

// writer owns the one connection that writes. Its goroutine takes all writes that wait
// into one transaction: the sync at its end costs as much for one as for a hundred.
type writer struct {
	db         *sql.DB
	conn       *sql.Conn
	statements *statements
	jobs       chan *job
	closing    <-chan struct{}
	stopped    chan struct{}
	commits    atomic.Int64 // transactions that were committed
}

// job is one write. Exactly one of take and giveUp wins.
type job struct {
	run     func(context.Context, *statements) error
	claimed atomic.Bool
	done    chan error // buffered; receives the result if take won
}

func newJob(run func(context.Context, *statements) error) *job {
	return &job{run: run, done: make(chan error, 1)}
}

func (j *job) take() bool   { return j.claimed.CompareAndSwap(false, true) }
func (j *job) giveUp() bool { return j.claimed.CompareAndSwap(false, true) }

// startWriter starts the writer on db, which has one connection. It stops when closing
// is closed.
func startWriter(ctx context.Context, db *sql.DB, closing <-chan struct{}) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	st, err := prepare(ctx, conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	w := &writer{
		db: db, conn: conn, statements: st,
		jobs: make(chan *job), closing: closing, stopped: make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

func (w *writer) loop() {
	defer close(w.stopped)
	for {
		select {
		case j := <-w.jobs:
			w.commit(j)
		case <-w.closing:
			return
		}
	}
}

// submit hands j to the loop. The channel has no buffer, so a job that was handed over
// will be run, whatever happens to the store.
func (w *writer) submit(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-w.closing:
		return ErrClosed
	default:
	}
	select {
	case w.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return ErrClosed
	}
}

// do runs fn in a transaction and returns once it is on the disk. A write that has
// begun is waited for even if ctx ends, so that the caller knows what became of it.
func (w *writer) do(ctx context.Context, fn func(context.Context, *statements) error) error {
	j := newJob(fn)
	if err := w.submit(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.giveUp() {
			return ctx.Err()
		}
		return <-j.done
	}
}

// commit runs first and all jobs that wait behind it in one transaction.
func (w *writer) commit(first *job) {
	// Never a caller's context: its end would interrupt the statement of a whole group.
	ctx := context.Background()
	if err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		if first.take() {
			first.done <- fmt.Errorf("begin: %w", err)
		}
		return
	}
	type result struct {
		job *job
		err error
	}
	var results []result
	var broken error
	for j := first; j != nil && broken == nil; j = w.next(len(results)) {
		if !j.take() {
			continue
		}
		var err error
		err, broken = w.one(ctx, j)
		results = append(results, result{j, err})
	}
	if broken == nil {
		broken = w.exec(ctx, "COMMIT")
	}
	if broken == nil {
		w.commits.Add(1)
	} else {
		broken = fmt.Errorf("commit: %w", broken)
		// It fails if SQLite has already rolled back, as it does when the disk is full.
		_ = w.exec(ctx, "ROLLBACK")
	}
	for _, r := range results {
		if r.err == nil {
			r.err = broken
		}
		r.job.done <- r.err
	}
}

// next returns a job that waits, or nil if there is none or the group is full.
func (w *writer) next(size int) *job {
	if size >= maxGroup {
		return nil
	}
	select {
	case j := <-w.jobs:
		return j
	default:
		return nil
	}
}

// one runs j so that its failure leaves the rest of the group as it was. If even that
// fails, the transaction is gone, and broken says why.
func (w *writer) one(ctx context.Context, j *job) (err, broken error) {
	if broken = w.exec(ctx, "SAVEPOINT job"); broken != nil {
		return broken, broken
	}
	if err = j.run(ctx, w.statements); err != nil {
		if undo := w.exec(ctx, "ROLLBACK TO job"); undo != nil {
			return err, errors.Join(err, undo)
		}
	}
	return err, w.exec(ctx, "RELEASE job")
}

func (w *writer) exec(ctx context.Context, query string) error {
	_, err := w.conn.ExecContext(ctx, query)
	return err
}

// close frees the connection. The loop has to have stopped.
func (w *writer) close() error {
	return errors.Join(w.statements.close(), w.conn.Close(), w.db.Close())
}
