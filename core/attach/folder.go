package attach

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"time"
)

// A Folder keeps blobs as files. No key leaves the folder: neither ".." nor a symbolic link in it leads
// anywhere, whoever put it there. Several processes may share one folder. A second Put of a key fails with
// an error that wraps [io/fs.ErrExist].
type Folder struct {
	root *os.Root
}

// incoming is where files are until they are complete, and incomingAge when one of them has been left
// behind by a process that died.
const (
	incoming    = "incoming"
	incomingAge = 24 * time.Hour
)

// NewFolder opens a folder, and makes it if there is none, for this user alone. It deletes uploads that
// were cut off more than a day ago by a crash. Close it in the end.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	f := &Folder{root: root}
	if err := f.tidy(time.Now().Add(-incomingAge)); err != nil {
		_ = root.Close()
		return nil, fmt.Errorf("open folder: %w", err)
	}
	return f, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

func (f *Folder) tidy(before time.Time) error {
	if err := f.root.MkdirAll(incoming, 0o700); err != nil {
		return err
	}
	entries, err := fs.ReadDir(f.root.FS(), incoming)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.ModTime().After(before) {
			continue // gone meanwhile, or somebody is writing it
		}
		if err := f.root.Remove(path.Join(incoming, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// name checks a key and returns the path of its file.
func (f *Folder) name(op, key string) (string, error) {
	if !fs.ValidPath(key) || key == "." || strings.ContainsAny(key, "\\:\x00") || key == incoming || strings.HasPrefix(key, incoming+"/") {
		return "", &fs.PathError{Op: op, Path: key, Err: fs.ErrInvalid}
	}
	return key, nil
}

// Put implements [Blobs]. A file appears under its key when it is complete and on the disk.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader, _ BlobMeta) (err error) {
	name, err := f.name("put", key)
	if err != nil {
		return err
	}
	if err := f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	temp := path.Join(incoming, rand.Text())
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	defer func() { err = errors.Join(err, f.remove(temp)) }()
	_, err = io.Copy(file, readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, context.Cause(ctx)
		}
		return r.Read(p)
	}))
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	if err := f.place(temp, name); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

// place gives a file its name, unless that is taken. A link does both in one step; where there are no
// links, two who come at the same moment are not told apart.
func (f *Folder) place(temp, name string) error {
	err := f.root.Link(temp, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := f.root.Lstat(name); err == nil {
		return fs.ErrExist
	}
	return f.root.Rename(temp, name)
}

func (f *Folder) remove(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Open implements [Blobs]. The reader is an io.Seeker.
func (f *Folder) Open(_ context.Context, key string) (io.ReadCloser, BlobMeta, error) {
	if _, err := f.Stat(context.Background(), key); err != nil {
		return nil, BlobMeta{}, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, BlobMeta{}, fmt.Errorf("open %s: %w", key, err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, BlobMeta{}, fmt.Errorf("open %s: %w", key, err)
	}
	return file, BlobMeta{Size: info.Size(), Modified: info.ModTime()}, nil
}

// Stat implements [Blobs]. The type is empty: a folder does not keep it.
func (f *Folder) Stat(_ context.Context, key string) (BlobMeta, error) {
	name, err := f.name("stat", key)
	if err != nil {
		return BlobMeta{}, err
	}
	info, err := f.root.Lstat(name)
	if err != nil {
		return BlobMeta{}, fmt.Errorf("stat %s: %w", key, err)
	}
	if !info.Mode().IsRegular() { // this folder has no links and no devices of its own
		return BlobMeta{}, &fs.PathError{Op: "stat", Path: key, Err: fs.ErrNotExist}
	}
	return BlobMeta{Size: info.Size(), Modified: info.ModTime()}, nil
}

// Delete implements [Blobs].
func (f *Folder) Delete(_ context.Context, keys ...string) error {
	var errs []error
	for _, key := range keys {
		name, err := f.name("delete", key)
		if err == nil {
			err = f.remove(name)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("delete %s: %w", key, err))
		}
	}
	return errors.Join(errs...)
}

// List implements [Lister].
func (f *Folder) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		start := path.Dir(prefix) // of "a/b" and of "a/" it is "a"
		err := fs.WalkDir(f.root.FS(), start, func(name string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil // deleted meanwhile
			case err != nil:
				return err
			case ctx.Err() != nil:
				return context.Cause(ctx)
			case e.IsDir() && name == incoming:
				return fs.SkipDir
			case e.Type().IsRegular() && strings.HasPrefix(name, prefix):
				if !yield(name, nil) {
					return fs.SkipAll
				}
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("list %s: %w", prefix, err))
		}
	}
}

// A readerFunc reads by calling itself.
type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
