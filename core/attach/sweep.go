package attach

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// A pendingMark remembers a file from before its first byte until a sweep finds that it has been sent, or
// was not.
type pendingMark struct {
	Owner   string    `json:"owner"`
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
}

// maxMark limits what is read of a mark.
const maxMark = 64 << 10

func (f *Files) mark(ctx context.Context, owner, id string) error {
	body, err := json.Marshal(pendingMark{Owner: owner, ID: id, Created: f.opts.Now().UTC()})
	if err != nil {
		return fmt.Errorf("mark upload %s: %w", id, err)
	}
	m := BlobMeta{Size: int64(len(body)), Type: "application/json"}
	if err := f.blobs.Put(ctx, markKey(ownerHash(owner), id), bytes.NewReader(body), m); err != nil {
		return fmt.Errorf("mark upload %s: %w", id, err)
	}
	return nil
}

func (f *Files) readMark(ctx context.Context, key string) (m pendingMark, err error) {
	r, _, err := f.blobs.Open(ctx, key)
	if err != nil {
		return m, err
	}
	defer r.Close()
	body, err := io.ReadAll(io.LimitReader(r, maxMark))
	if err != nil {
		return m, fmt.Errorf("read %s: %w", key, err)
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("read %s: %w", key, err)
	}
	return m, nil
}

// The states of a file that is marked as not sent.
type state int

const (
	waiting state = iota // in the composer, or about to be
	sent                 // a message carries it
	deleted              // there is no record
)

func (f *Files) stateOf(ctx context.Context, m pendingMark) (chatkit.Attachment, state, error) {
	a, err := f.store.Attachment(ctx, m.Owner, m.ID)
	switch {
	case errors.Is(err, chatkit.ErrNotFound):
		return nil, deleted, nil
	case err != nil:
		return nil, waiting, fmt.Errorf("load attachment %s: %w", m.ID, err)
	case a.Meta().ThreadID != nil:
		return a, sent, nil
	}
	return a, waiting, nil
}

// reserve marks a file, unless its owner has too many that have not been sent. The mark comes before the count:
// whoever counts sees all the others, so that those who come together cannot all find room.
func (f *Files) reserve(ctx context.Context, owner, id string) error {
	if err := f.mark(ctx, owner, id); err != nil {
		return err
	}
	n, err := f.pending(ctx, owner)
	if err == nil && n > f.opts.MaxPending {
		err = refused("There are too many files that have been uploaded and not sent.")
	}
	if err != nil {
		ctx, cancel := detachedContext(ctx)
		defer cancel()
		// A mark that stays counts for a minute.
		if derr := f.blobs.Delete(ctx, markKey(ownerHash(owner), id)); derr != nil {
			f.opts.Logger.WarnContext(ctx, "attach: take back the mark of an upload", "attachment", id, "err", derr)
		}
	}
	return err
}

// detachedContext returns a context for taking back what an upload left behind: its client may have gone by then.
func detachedContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
}

// recording is how long a file may be without a record because that is just being written.
const recording = time.Minute

// pending counts the files of an owner that have not been sent, with the one that asks.
func (f *Files) pending(ctx context.Context, owner string) (int, error) {
	lister, ok := f.blobs.(Lister)
	if !ok {
		return 0, nil
	}
	var keys []string
	for key, err := range lister.List(ctx, "pending/"+ownerHash(owner)+"/") {
		if err != nil {
			return 0, fmt.Errorf("count uploads: %w", err)
		}
		keys = append(keys, key)
	}
	if len(keys) <= f.opts.MaxPending {
		return len(keys), nil // near the limit only is it worth the trouble to look closer
	}
	n := 0
	for _, key := range keys {
		m, err := f.readMark(ctx, key)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("count uploads: %w", err)
		}
		_, state, err := f.stateOf(ctx, m)
		if err != nil {
			return 0, err
		}
		switch {
		case state == sent:
			if err := f.blobs.Delete(ctx, key); err != nil {
				return 0, fmt.Errorf("count uploads: %w", err)
			}
		case state == waiting, f.opts.Now().Sub(m.Created) < recording:
			n++
		}
	}
	return n, nil
}

// Sweep deletes the files that were uploaded, or announced, longer than age ago and never sent, and returns
// how many. A day is a good age; it must be longer than Options.UploadTTL. It goes on after an error and
// returns all of them. It needs Blobs that are a [Lister]. Several processes may sweep at once.
func (f *Files) Sweep(ctx context.Context, age time.Duration) (int, error) {
	lister, ok := f.blobs.(Lister)
	if !ok {
		return 0, fmt.Errorf("sweep uploads: %T cannot list", f.blobs)
	}
	before := f.opts.Now().Add(-max(age, f.opts.UploadTTL))
	swept := 0
	var errs []error
	for key, err := range lister.List(ctx, "pending/") {
		if err != nil {
			errs = append(errs, fmt.Errorf("sweep uploads: %w", err))
			break
		}
		deleted, err := f.sweep(ctx, key, before)
		if err != nil {
			errs = append(errs, fmt.Errorf("sweep %s: %w", key, err))
		}
		if deleted {
			swept++
		}
	}
	return swept, errors.Join(errs...)
}

// sweep looks at one mark: bytes go first, the record next, the mark last, so that a sweep that is cut off
// can be repeated.
func (f *Files) sweep(ctx context.Context, key string, before time.Time) (bool, error) {
	m, err := f.readMark(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || m.Created.After(before) {
		return false, err
	}
	_, state, err := f.stateOf(ctx, m)
	if err != nil {
		return false, err
	}
	if state != sent {
		if err := f.DeleteAttachment(ctx, m.Owner, m.ID); err != nil {
			return false, err
		}
		if err := f.store.DeleteAttachment(ctx, m.Owner, m.ID); err != nil {
			return false, err
		}
	}
	return state == waiting, f.blobs.Delete(ctx, key)
}
