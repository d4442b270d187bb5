package fileengine

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// ErrLocked is returned by Open for a folder that another process uses.
var ErrLocked = errors.New("folder is used by another process")

const (
	suffix   = ".run"
	lockName = "lock"
	// maxRecord bounds what is read of a file at a time.
	maxRecord = 64 << 20
)

// An Engine keeps runs in the files of a folder. See [run.Engine] for what it promises. It is safe for
// concurrent use.
type Engine struct {
	*memengine.Engine
	journal *journal
}

// Options change an engine. The zero value works.
type Options struct {
	// MaxLog bounds the bytes kept of one run's log. Beyond it the oldest events are dropped from memory, and
	// no more are written. Defaults to memengine.DefaultMaxLog.
	MaxLog int
	// Now is the engine's clock. Defaults to time.Now.
	Now func() time.Time
}

// Open opens a folder, and makes it if it does not exist. Runs that it holds and that have not ended are
// orphans: their process has died. Files that are damaged are read as far as they go. It returns an error
// that matches ErrLocked if another process has the folder open. Nil opts means defaults.
func Open(dir string, opts *Options) (*Engine, error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open runs in %s: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open runs: %w", err)
	}
	lock, err := root.OpenFile(lockName, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open runs in %s: %w", dir, err), root.Close())
	}
	if err := lockFile(lock); err != nil {
		return nil, errors.Join(fmt.Errorf("open runs in %s: %w", dir, err), lock.Close(), root.Close())
	}
	j := &journal{root: root, lock: lock, files: map[run.Key]*file{}, limit: opts.MaxLog}
	if j.limit <= 0 {
		j.limit = memengine.DefaultMaxLog
	}
	e := &Engine{
		Engine:  memengine.New(memengine.Options{Now: opts.Now, MaxLog: opts.MaxLog, Journal: j}),
		journal: j,
	}
	if err := j.load(e.Engine); err != nil {
		return nil, errors.Join(fmt.Errorf("open runs in %s: %w", dir, err), j.close())
	}
	return e, nil
}

// Close closes the files and gives the folder free. Runs that have not ended are orphans for the next
// Open.
func (e *Engine) Close() error {
	return errors.Join(e.Engine.Close(), e.journal.close())
}

// A journal writes changes to files. Its calls are serialized by the engine.
type journal struct {
	root  *os.Root
	lock  *os.File
	files map[run.Key]*file
	limit int
	buf   []byte
}

type file struct {
	*os.File // nil once the run has ended
	name     string
	size     int
}

// A record is the form of a change in a file.
type record struct {
	Kind    string            `json:"k"`
	Key     run.Key           `json:"key,omitzero"`
	Claim   *run.ClaimRequest `json:"claim,omitempty"`
	Epoch   uint64            `json:"epoch,omitempty"`
	Node    string            `json:"node,omitempty"`
	First   run.Seq           `json:"first,omitempty"`
	Last    run.Seq           `json:"last,omitempty"`
	Bytes   int               `json:"n,omitempty"`
	Signal  *run.Signal       `json:"signal,omitempty"`
	Outcome *run.Outcome      `json:"outcome,omitempty"`
	At      time.Time         `json:"at,omitzero"`
}

// fileName is the name of a run's file. Ids come from outside; their hash is a name like any other.
func fileName(k run.Key) string {
	sum := sha256.Sum256([]byte(k.Owner + "\x00" + k.Thread + "\x00" + k.Run))
	return hex.EncodeToString(sum[:16]) + suffix
}

// Write implements memengine.Journal.
func (j *journal) Write(c memengine.Change) error {
	f := j.files[c.Key]
	if c.Kind == memengine.Claimed {
		name := fileName(c.Key)
		opened, err := j.root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return fmt.Errorf("begin the log of a run: %w", err)
		}
		f = &file{File: opened, name: name}
		j.files[c.Key] = f
	}
	if f == nil || f.File == nil {
		return fmt.Errorf("log of run %s: %w", c.Key.Run, fs.ErrClosed)
	}
	if c.Kind == memengine.Appended && f.size > j.limit {
		return nil // the tail of an answer of this size is not worth the disk
	}
	r := record{Kind: string(c.Kind), Key: c.Key, Epoch: c.Epoch, Node: c.Node, At: c.At}
	switch c.Kind {
	case memengine.Claimed:
		r.Claim = &c.Claim
	case memengine.Appended:
		r = record{Kind: r.Kind, First: c.Batch.First, Last: c.Batch.Last, Bytes: len(c.Batch.Data)}
	case memengine.Signalled:
		r.Signal = &c.Signal
	case memengine.Ended:
		r.Outcome = &c.Outcome
	case memengine.TakenOver:
	}
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("log of run %s: %w", c.Key.Run, err)
	}
	j.buf = append(append(append(j.buf[:0], line...), '\n'), c.Batch.Data...)
	n, err := f.File.Write(j.buf) // one write, so that a crash cuts at most the last record
	f.size += n
	if err != nil {
		return fmt.Errorf("log of run %s: %w", c.Key.Run, err)
	}
	if c.Kind == memengine.Ended {
		err = f.File.Close()
		f.File = nil
		if err != nil {
			return fmt.Errorf("log of run %s: %w", c.Key.Run, err)
		}
	}
	return nil
}

// Forget implements memengine.Journal.
func (j *journal) Forget(k run.Key) {
	if f := j.files[k]; f != nil {
		if f.File != nil {
			_ = f.File.Close()
		}
		_ = j.root.Remove(f.name) // what stays behind is forgotten again at the next Open
		delete(j.files, k)
	}
}

func (j *journal) close() error {
	var errs []error
	for _, f := range j.files {
		if f.File != nil {
			errs = append(errs, f.File.Close())
		}
	}
	return errors.Join(append(errs, j.lock.Close(), j.root.Close())...)
}

// load reads the folder into an engine.
func (j *journal) load(e *memengine.Engine) error {
	entries, err := fs.ReadDir(j.root.FS(), ".")
	if err != nil {
		return err
	}
	var loadErr error
	e.Restore(func(yield func(memengine.Change) bool) {
		for _, entry := range entries {
			if entry.IsDir() || !strings.HasSuffix(entry.Name(), suffix) {
				continue
			}
			if loadErr = j.loadFile(entry.Name(), yield); loadErr != nil {
				return
			}
		}
	})
	return loadErr
}

// loadFile reads one file, as far as it is whole, and leaves it open for more.
func (j *journal) loadFile(name string, yield func(memengine.Change) bool) error {
	f, err := j.root.OpenFile(name, os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	in := bufio.NewReader(f)
	var key run.Key
	whole, ended := 0, false
	for first := true; !ended; first = false {
		c, n, ok := readRecord(in)
		if !ok {
			break
		}
		if first {
			if c.Kind != memengine.Claimed || fileName(c.Key) != name {
				break
			}
			key = c.Key
		}
		c.Key = key
		whole += n
		ended = c.Kind == memengine.Ended
		if !yield(c) {
			return f.Close()
		}
	}
	if whole == 0 { // not a log of ours, or one that never got its first record
		return f.Close()
	}
	kept := &file{name: name, size: whole}
	j.files[key] = kept
	if ended {
		return f.Close()
	}
	// What was cut off would stand in the middle of what is written from now on.
	if err := f.Truncate(int64(whole)); err != nil {
		return errors.Join(fmt.Errorf("repair %s: %w", name, err), f.Close())
	}
	if _, err := f.Seek(0, io.SeekEnd); err != nil {
		return errors.Join(fmt.Errorf("read %s: %w", name, err), f.Close())
	}
	kept.File = f
	return nil
}

// readRecord reads one record and returns how long it is, or false if there is no whole one.
func readRecord(in *bufio.Reader) (c memengine.Change, n int, ok bool) {
	line, err := in.ReadBytes('\n')
	if err != nil || len(line) > maxRecord {
		return c, 0, false
	}
	var r record
	if json.Unmarshal(line, &r) != nil || len(r.Kind) != 1 || r.Bytes < 0 || r.Bytes > maxRecord {
		return c, 0, false
	}
	c = memengine.Change{Kind: memengine.ChangeKind(r.Kind[0]), Key: r.Key, Epoch: r.Epoch, Node: r.Node, At: r.At}
	switch c.Kind {
	case memengine.Claimed:
		if r.Claim == nil {
			return c, 0, false
		}
		c.Claim = *r.Claim
	case memengine.Appended:
		data := make([]byte, r.Bytes)
		if _, err := io.ReadFull(in, data); err != nil || !wholeLines(data, r.First, r.Last) {
			return c, 0, false
		}
		c.Batch = run.Batch{First: r.First, Last: r.Last, Data: data}
	case memengine.Signalled:
		if r.Signal == nil {
			return c, 0, false
		}
		c.Signal = *r.Signal
	case memengine.Ended:
		if r.Outcome == nil {
			return c, 0, false
		}
		c.Outcome = *r.Outcome
	case memengine.TakenOver:
	default:
		return c, 0, false
	}
	return c, len(line) + r.Bytes, true
}

// wholeLines reports whether data holds one line for each event.
func wholeLines(data []byte, first, last run.Seq) bool {
	return last >= first && bytes.Count(data, []byte("\n")) == int(last.Place()-first.Place()+1) && bytes.HasSuffix(data, []byte("\n"))
}
