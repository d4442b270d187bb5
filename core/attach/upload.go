package attach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// envelope is how much larger than its file a form may be.
const envelope = 64 << 10

var (
	errTooLarge = errors.New("the file is too large")
	errShort    = errors.New("the file is shorter than announced")
)

// A part is a file on its way in, with its first bytes read.
type part struct {
	io.Reader        // all of it, the first bytes too
	head      []byte // at most sniffLen
	name      string
	declared  string
}

// second takes the bytes of an upload that CreateAttachment announced.
func (f *Files) second(w http.ResponseWriter, r *http.Request, text, id string) {
	t, err := f.verify(text, opUpload, id)
	if err != nil {
		f.fail(w, r, err)
		return
	}
	known, err := f.expects(r.Context(), t)
	if err != nil {
		f.fail(w, r, err)
		return
	}
	if !known {
		if err := f.receive(w, r, t); err != nil {
			f.fail(w, r, err)
			return
		}
	}
	f.reply(w, http.StatusOK, struct{}{})
}

// expects checks that an announced upload is still wanted, and reports whether it has been done: a browser
// whose first try did arrive may try again.
func (f *Files) expects(ctx context.Context, t token) (done bool, err error) {
	m, err := f.readMark(ctx, markKey(t.Owner, t.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return false, errToken
	}
	if err != nil {
		return false, err
	}
	a, state, err := f.stateOf(ctx, m)
	if err != nil {
		return false, err
	}
	if state == deleted {
		return false, status(http.StatusNotFound, "The attachment has been removed.")
	}
	_, err = f.blobs.Stat(ctx, blobKey(t.Owner, t.ID))
	switch {
	case err == nil:
		return true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	case state == sent, a.Meta().UploadDescriptor == nil:
		return false, status(http.StatusConflict, "The attachment has been sent.")
	}
	return false, nil
}

func (f *Files) receive(w http.ResponseWriter, r *http.Request, t token) error {
	var in *part
	var err error
	if r.Method == http.MethodPost {
		in, err = f.form(w, r, t.Size)
	} else {
		in, err = f.body(w, r, t.Size)
	}
	if err != nil {
		return err
	}
	if !fits(t.Type, sniff(in.head)) {
		return status(http.StatusUnsupportedMediaType, "The file is not of the type "+t.Type+".")
	}
	return f.put(r.Context(), t.Owner, t.ID, in, t.Type, t.Size)
}

// put stores exactly size bytes, or at most Options.MaxBytes if size is -1.
func (f *Files) put(ctx context.Context, owner, id string, in io.Reader, mediaType string, size int64) error {
	limit := f.opts.MaxBytes
	if size >= 0 {
		limit = size
	}
	bounded := &boundedReader{r: in, left: limit, exact: size >= 0}
	err := f.blobs.Put(ctx, blobKey(owner, id), bounded, BlobMeta{Size: size, Type: mediaType})
	if errors.Is(err, fs.ErrExist) {
		return nil // another try was faster; what counts is looked at when the file is sent
	}
	return f.explain(err)
}

// explain turns what can be wrong with a body into what the user is told.
func (f *Files) explain(err error) error {
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLarge), errors.As(err, &large):
		return status(http.StatusRequestEntityTooLarge, "The file is too large: "+megabytes(f.opts.MaxBytes)+" is the limit.")
	case errors.Is(err, errShort):
		return status(http.StatusBadRequest, "The file is shorter than announced.")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return status(http.StatusBadRequest, "The upload was cut off.")
	}
	return fmt.Errorf("store upload: %w", err)
}

// A boundedReader fails where a plain limit would end in silence.
type boundedReader struct {
	r     io.Reader
	left  int64
	exact bool
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 { // one more, to see whether there is more
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return 0, errTooLarge
	}
	if errors.Is(err, io.EOF) && b.exact && b.left > 0 {
		return n, errShort
	}
	return n, err
}

// body returns the bytes of a PUT.
func (f *Files) body(w http.ResponseWriter, r *http.Request, size int64) (*part, error) {
	if r.ContentLength >= 0 && r.ContentLength != size {
		if r.ContentLength > size {
			w.Header().Set("Connection", "close") // what nobody reads must not be waited for
			return nil, f.explain(errTooLarge)
		}
		return nil, f.explain(errShort)
	}
	f.limit(w, r, size)
	return f.begin(r.Body, "", "")
}

// form returns the first field of a form that is called "file". It is read as it comes in: nothing of it is
// kept in memory or in temporary files.
func (f *Files) form(w http.ResponseWriter, r *http.Request, size int64) (*part, error) {
	if r.ContentLength > size+envelope {
		w.Header().Set("Connection", "close")
		return nil, f.explain(errTooLarge)
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, status(http.StatusUnsupportedMediaType, "Content-Type must be multipart/form-data")
	}
	f.limit(w, r, size+envelope)
	form := multipart.NewReader(r.Body, params["boundary"])
	for {
		p, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, status(http.StatusBadRequest, `the form has no field "file"`)
		}
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, f.explain(err)
		}
		if err != nil {
			return nil, status(http.StatusBadRequest, "The form could not be read.")
		}
		if p.FormName() == "file" {
			return f.begin(p, p.FileName(), p.Header.Get("Content-Type"))
		}
	}
}

// limit bounds how much of a body is read, and for how long.
func (f *Files) limit(w http.ResponseWriter, r *http.Request, bytes int64) {
	r.Body = http.MaxBytesReader(w, r.Body, bytes)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(f.opts.UploadTimeout)) // not every writer has deadlines
}

func (f *Files) begin(r io.Reader, name, declared string) (*part, error) {
	head, err := readHead(r)
	if err != nil {
		return nil, f.explain(err)
	}
	return &part{Reader: io.MultiReader(bytes.NewReader(head), r), head: head, name: name, declared: declared}, nil
}

// direct takes an upload in one step.
func (f *Files) direct(w http.ResponseWriter, r *http.Request) {
	owner, err := f.owner(r.Context())
	if err != nil {
		f.fail(w, r, err)
		return
	}
	in, err := f.form(w, r, f.opts.MaxBytes)
	if err != nil {
		f.fail(w, r, err)
		return
	}
	a, err := f.take(r.Context(), owner, in)
	if err != nil {
		f.fail(w, r, err)
		return
	}
	shown, err := f.PresentAttachment(r.Context(), owner, chatkit.CloneAttachment(a))
	if err != nil {
		f.opts.Logger.WarnContext(r.Context(), "attach: present attachment", "attachment", a.Meta().ID, "err", err)
		shown = chatkit.CloneAttachment(a)
	}
	shown.Meta().Metadata = nil // it is not for clients
	f.reply(w, http.StatusOK, shown)
}

// take stores a file and its record, or nothing of it.
func (f *Files) take(ctx context.Context, owner string, in *part) (_ chatkit.Attachment, err error) {
	kind, found := mediaType(in.declared), sniff(in.head)
	if kind == unknownType {
		kind = found
	}
	if err := f.admit(kind, int64(len(in.head))); err != nil {
		return nil, err
	}
	if !fits(kind, found) {
		return nil, status(http.StatusUnsupportedMediaType, "The file is not of the type "+kind+".")
	}
	a := f.newAttachment(in.name, kind, 0)
	id, hash := a.Meta().ID, ownerHash(owner)
	if err := f.reserve(ctx, owner, id); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			ctx, cancel := detachedContext(ctx)
			defer cancel()
			err = errors.Join(err, f.blobs.Delete(ctx, blobKey(hash, id), markKey(hash, id)))
		}
	}()
	counted := &countingReader{r: in}
	if err := f.put(ctx, hash, id, counted, kind, -1); err != nil {
		return nil, err
	}
	a.Meta().Metadata["size"] = counted.n
	if err := f.store.PutAttachment(ctx, owner, a); err != nil {
		return nil, fmt.Errorf("store attachment %s: %w", id, err)
	}
	return a, nil
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
