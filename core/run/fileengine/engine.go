package fileengine

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// ErrLocked is returned by Open for a folder that another process uses.
var ErrLocked = errors.New("folder is used by another process")

var errTooLarge = errors.New("too much to be stored at once")

const (
	suffix   = ".run"
	lockName = "lock"
)

// An Engine keeps runs in the files of a folder. See [run.Engine] for what it promises. It is safe for
// concurrent use.
type Engine struct {
	*memengine.Engine
	journal *journal
	close   sync.Once
	closed  error // what close has returned
}

// Options change an engine. The zero value works.
type Options struct {
	// MaxLog bounds the bytes kept of one run's log. Beyond it the oldest events are dropped from memory, and
	// no more are written. Defaults to memengine.DefaultMaxLog.
	MaxLog int
	// MaxEnded bounds the bytes that the logs of all runs that have ended hold in memory. Their files stay for as long
	// as they are kept. Defaults to memengine.DefaultMaxEnded.
	MaxEnded int
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
	j := &journal{root: root, lock: lock, files: map[run.Key]*file{}, limit: int64(opts.MaxLog)}
	if j.limit <= 0 {
		j.limit = memengine.DefaultMaxLog
	}
	e := &Engine{
		Engine:  memengine.New(&memengine.Options{Now: opts.Now, MaxLog: opts.MaxLog, MaxEnded: opts.MaxEnded, Journal: j}),
		journal: j,
	}
	if err := j.load(e.Engine); err != nil {
		return nil, errors.Join(fmt.Errorf("open runs in %s: %w", dir, err), j.close())
	}
	return e, nil
}

// Close closes the files and gives the folder free. Runs that have not ended are orphans for the next
// Open. Closing twice does nothing more.
func (e *Engine) Close() error {
	e.close.Do(func() { e.closed = errors.Join(e.Engine.Close(), e.journal.close()) })
	return e.closed
}

// A journal writes changes to files. Its calls are serialized by the engine.
type journal struct {
	root  *os.Root
	lock  *os.File
	files map[run.Key]*file
	limit int64
	buf   []byte
}

type file struct {
	*os.File // nil once the run has ended
	name     string
	size     int64 // of the whole records
	torn     bool  // more than size may have been written
}

// fileName is the name of a run's file. Ids come from outside; their hash is a name like any other.
func fileName(k run.Key) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", k.Owner, k.Thread, k.Run)) // quoted: a name may contain anything
	return hex.EncodeToString(sum[:16]) + suffix
}

// Write implements memengine.Journal.
func (j *journal) Write(c memengine.Change) error {
	var err error
	if c.Kind == memengine.Claimed {
		err = j.begin(c)
	} else {
		err = j.append(c)
	}
	if err != nil {
		return fmt.Errorf("log of run %s: %w", c.Key.Run, err)
	}
	return nil
}

// begin makes the file of a run. If that fails there is none.
func (j *journal) begin(c memengine.Change) error {
	name := fileName(c.Key)
	opened, err := j.root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	f := &file{File: opened, name: name}
	if err := j.put(f, c); err != nil {
		return errors.Join(err, opened.Close(), j.root.Remove(name))
	}
	j.files[c.Key] = f
	return nil
}

func (j *journal) append(c memengine.Change) error {
	f := j.files[c.Key]
	if f == nil || f.File == nil {
		return fs.ErrClosed
	}
	if c.Kind == memengine.Appended && f.size > j.limit {
		return nil // the tail of an answer of this size is not worth the disk
	}
	if err := j.put(f, c); err != nil {
		return err
	}
	if c.Kind == memengine.Ended {
		// The end is in the file. That it may not have been closed well changes nothing.
		_ = f.File.Close()
		f.File = nil
	}
	return nil
}

// put adds a record to a file. If it does not get there whole, it is cut off again, now or before the next one.
func (j *journal) put(f *file, c memengine.Change) error {
	if f.torn {
		if err := f.Truncate(f.size); err != nil {
			return fmt.Errorf("cut off a record that was not written whole: %w", err)
		}
		f.torn = false
	}
	line, err := json.Marshal(recordOf(c))
	if err != nil {
		return err
	}
	if len(line) >= maxLine || len(c.Batch.Data) > maxBatch {
		return errTooLarge
	}
	j.buf = append(append(append(j.buf[:0], line...), '\n'), c.Batch.Data...)
	n, err := f.WriteAt(j.buf, f.size) // one write, so that a crash cuts at most the last record
	if err != nil {
		f.torn = f.Truncate(f.size) != nil // n does not tell: WriteAt says 0 although it has written something
		return err
	}
	f.size += int64(n)
	if cap(j.buf) > maxLine {
		j.buf = nil // one large batch is no reason to keep the memory
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
	in := bufio.NewReaderSize(nil, maxLine)
	var failed error
	e.Restore(func(yield func(memengine.Change) bool) {
		for _, entry := range entries {
			// Only what was made here: a link, for one, leads elsewhere.
			if entry.Type().IsRegular() && strings.HasSuffix(entry.Name(), suffix) && failed == nil {
				failed = j.loadFile(entry.Name(), in, yield)
			}
		}
	})
	return failed
}

// loadFile reads one file, as far as it is whole, and leaves it open for more. In is used for reading.
func (j *journal) loadFile(name string, in *bufio.Reader, yield func(memengine.Change) bool) error {
	f, err := j.root.OpenFile(name, os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	in.Reset(f)
	kept := &file{File: f, name: name, torn: true} // what was cut off goes when the next record comes
	var key run.Key
	var head run.Seq
	for ended := false; !ended; {
		c, n, err := readRecord(in)
		if err != nil && !errors.Is(err, errDamaged) {
			return errors.Join(fmt.Errorf("read %s: %w", name, err), f.Close())
		}
		if err != nil || !follows(c, name, kept.size == 0, head) {
			break
		}
		switch c.Kind {
		case memengine.Claimed:
			key = c.Key
		case memengine.Appended:
			head = c.Batch.Last
		case memengine.Ended:
			ended, kept.File = true, nil
		case memengine.Signalled, memengine.TakenOver:
		}
		c.Key = key
		kept.size += int64(n)
		yield(c)
	}
	if kept.size > 0 {
		j.files[key] = kept
	}
	if kept.size == 0 || kept.File == nil {
		return f.Close() // nothing of ours, or nothing that will be written to
	}
	return nil
}

// follows reports whether a change can stand where it was read: the first of a run begins it, under the
// name of its file, and batches have no gap.
func follows(c memengine.Change, name string, first bool, head run.Seq) bool {
	switch {
	case first:
		return c.Kind == memengine.Claimed && fileName(c.Key) == name
	case c.Kind == memengine.Appended:
		return c.Batch.First > head && c.Batch.First.Place() == head.Place()+1
	}
	return c.Kind != memengine.Claimed
}
