package attach

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"time"
)

// serve gives out a file. Its bytes are looked at once more: whatever the link says, a browser shows nothing
// as an image that is none.
func (f *Files) serve(w http.ResponseWriter, r *http.Request, text, id string) {
	t, err := f.verify(text, opRead, id)
	if err != nil {
		f.fail(w, r, err)
		return
	}
	blob, meta, err := f.blobs.Open(r.Context(), blobKey(t.Owner, id))
	if errors.Is(err, fs.ErrNotExist) {
		f.fail(w, r, status(http.StatusNotFound, "This file does not exist any more."))
		return
	}
	if err != nil {
		f.fail(w, r, fmt.Errorf("open attachment %s: %w", id, err))
		return
	}
	defer blob.Close()
	head, err := readHead(blob)
	if err != nil {
		f.fail(w, r, fmt.Errorf("read attachment %s: %w", id, err))
		return
	}
	kind := t.Type
	if isInline(kind) && sniff(head) != kind {
		kind = unknownType
	}
	shown := readHeader(kind, t.Name)
	h := w.Header()
	h.Set("Content-Type", shown.Type)
	h.Set("Content-Disposition", shown.Disposition)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // the client is a frame of another site
	h.Set("Referrer-Policy", "no-referrer")
	left := time.Unix(t.Expires, 0).Sub(f.opts.Now())
	h.Set("Cache-Control", fmt.Sprintf("private, max-age=%d, immutable", int(left.Seconds())))

	if s, ok := blob.(io.ReadSeeker); ok {
		if _, err := s.Seek(0, io.SeekStart); err != nil {
			f.fail(w, r, fmt.Errorf("read attachment %s: %w", id, err))
			return
		}
		http.ServeContent(w, r, "", meta.Modified, s)
		return
	}
	h.Set("Content-Length", strconv.FormatInt(meta.Size, 10))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(head); err == nil {
		_, _ = io.Copy(w, blob) // an error means that one of the two sides has left
	}
}
