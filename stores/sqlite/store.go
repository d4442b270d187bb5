// Package sqlitestore keeps threads in a SQLite database file, with no service to run
// and no C compiler to install (the driver is modernc.org/sqlite).
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/gochatkit/chatkit/core"
)

// ErrClosed is returned by the methods of a [Store] after its Close.
var ErrClosed = errors.New("store is closed")

// Store implements [chatkit.Store] and [chatkit.Batcher] on a SQLite database. It is
// safe for concurrent use. Several Stores, also of several processes on one machine,
// may share a file.
//
// A write that has returned nil survives a crash of the process and of the machine.
// Writes that wait at the same time share one transaction and so one sync of the disk.
type Store struct {
	view
	readers *sql.DB
	reads   *statements
	writer  *writer

	closing chan struct{}
	close   sync.Once
	closed  error // what Close returns
}

var (
	_ chatkit.Store   = (*Store)(nil)
	_ chatkit.Batcher = (*Store)(nil)
)

type config struct {
	readers     int
	busyTimeout time.Duration
}

// Option configures [Open].
type Option func(*config)

// WithReaders sets how many reads can run at the same time, at least one. Each takes a
// connection of its own, with about 2 MB of cache. Defaults to GOMAXPROCS, and to no
// less than 4.
func WithReaders(n int) Option {
	return func(c *config) { c.readers = max(n, 1) }
}

// WithBusyTimeout sets how long a write waits for another process that is writing to
// the same file before it fails. It is cut to milliseconds. Defaults to 5 seconds.
func WithBusyTimeout(d time.Duration) Option {
	return func(c *config) { c.busyTimeout = d }
}

// Open opens the database file at path, makes it if it does not exist (readable by its
// owner only; the directory has to be there), and brings its schema up to date. The
// error is [ErrNewerSchema] if a newer version of this package has used the file.
//
// It sets what a busy server needs: write-ahead log, synchronous=FULL, a busy timeout,
// one connection that writes and several that read. Databases in memory are refused,
// since each connection would see its own; package memstore is for that.
func Open(path string, opts ...Option) (*Store, error) {
	c := config{readers: max(4, runtime.GOMAXPROCS(0)), busyTimeout: 5 * time.Second}
	for _, o := range opts {
		o(&c)
	}
	s, err := open(path, c)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return s, nil
}

func open(path string, c config) (_ *Store, err error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, errors.New("not a file")
	}
	if err := touch(path); err != nil {
		return nil, err
	}
	ctx := context.Background()
	s := &Store{closing: make(chan struct{})}
	s.view = view{s}

	db, err := connect(path, c, "journal_mode(WAL)", "synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	if err := Migrate(ctx, db); err != nil {
		return nil, err
	}
	if s.readers, err = connect(path, c, "query_only(1)"); err != nil {
		return nil, err
	}
	s.readers.SetMaxOpenConns(c.readers)
	s.readers.SetMaxIdleConns(c.readers)
	defer func() {
		if err != nil {
			s.readers.Close()
		}
	}()
	if s.reads, err = prepare(ctx, s.readers); err != nil {
		return nil, err
	}
	s.writer, err = startWriter(ctx, db, s.closing)
	return s, err
}

// touch makes the file before SQLite would, which gives it to everybody that the umask
// allows. SQLite gives its other files the permissions of this one.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			return p.Err // the caller names the path
		}
		return err
	}
	return f.Close()
}

func connect(path string, c config, pragmas ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // a drive letter
	}
	q := url.Values{
		"_pragma": append(pragmas, fmt.Sprintf("busy_timeout(%d)", c.busyTimeout.Milliseconds())),
		"_txlock": {"immediate"},
		"_dqs":    {"0"},
	}
	// A URL, since a path may have the characters that begin a query in it.
	name := url.URL{Scheme: "file", Path: abs, RawQuery: q.Encode()}
	return sql.Open("sqlite", name.String())
}

// Close waits for the calls that are under way, then closes the database. Later calls
// return ErrClosed. Calling Close again returns what the first call returned.
func (s *Store) Close() error {
	s.close.Do(func() {
		close(s.closing)
		<-s.writer.stopped
		s.closed = errors.Join(s.readers.Close(), s.writer.close())
	})
	return s.closed
}

func (s *Store) read(ctx context.Context, _ string, fn func(context.Context, *statements) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.closing:
		return ErrClosed
	default:
	}
	err := fn(ctx, s.reads)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // the driver says "interrupted"
	}
	return err
}

func (s *Store) write(ctx context.Context, _ string, fn func(context.Context, *statements) error) error {
	return s.writer.do(ctx, fn)
}
