package attach

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Options are what [Files] can be told. URL and Secret are required.
type Options struct {
	// URL is where browsers reach the handler, absolute and without a slash at its end, such as
	// "https://chat.example.com/files". The official client shows previews on an https page, which shows
	// none from http; see DataPreview for development.
	URL string
	// Secret signs links: at least 32 random bytes, the same in all processes. Another one ends all links.
	Secret []byte
	// Owner is that of chatkit.Options, for direct uploads. Defaults to the single owner "".
	Owner func(ctx context.Context) (string, error)
	// Types are the media types that may be uploaded, such as "image/png" or "text/*". Defaults to PNG, JPEG,
	// GIF, WebP, PDF, plain text, Markdown, CSV and JSON.
	Types []string
	// MaxBytes limits a file, in bytes. Defaults to 10 MiB.
	MaxBytes int64
	// MaxPending limits how many files an owner may have uploaded, or be about to, without having sent
	// them, and so their bytes: MaxPending times MaxBytes. More are refused, with a message; of several that
	// begin in the same moment close to the limit, all may be. It needs Blobs that are a Lister. Defaults
	// to 50.
	MaxPending int
	// UploadTTL is how long an upload may begin after it was announced. Defaults to 15 minutes.
	UploadTTL time.Duration
	// UploadTimeout is how long receiving one file may take, whatever the HTTP server's own limit. Defaults
	// to 5 minutes.
	UploadTimeout time.Duration
	// ReadTTL is how long a preview's link works at most, and half of it at least. Defaults to 1 hour.
	ReadTTL time.Duration
	// DataPreview turns previews of images up to so many bytes into data: URLs, which need no second
	// request and work on a page that may not load from URL. Defaults to 0: none.
	DataPreview int64
	// NewID is that of chatkit.Options. Defaults to chatkit.NewID.
	NewID func(chatkit.IDKind) string
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
	// Logger gets what operators need. Defaults to slog.Default().
	Logger *slog.Logger
}

// Files takes uploads. It is a [chatkit.AttachmentStore] that verifies and presents, for
// chatkit.Options.Attachments, and the [http.Handler] that Options.URL leads to. It is safe for concurrent
// use.
type Files struct {
	blobs Blobs
	store chatkit.Store
	opts  Options
}

var (
	_ chatkit.AttachmentStore     = (*Files)(nil)
	_ chatkit.AttachmentVerifier  = (*Files)(nil)
	_ chatkit.AttachmentPresenter = (*Files)(nil)
)

const (
	defaultMaxBytes      = 10 << 20
	defaultMaxPending    = 50
	defaultUploadTTL     = 15 * time.Minute
	defaultUploadTimeout = 5 * time.Minute
	defaultReadTTL       = time.Hour
	minSecret            = 32
)

// New returns Files that keep bytes in blobs. The store is that of the chatkit.Server: direct uploads are
// recorded there, and links to files that it does not know any more stop taking uploads.
func New(blobs Blobs, store chatkit.Store, opts *Options) (*Files, error) {
	if blobs == nil || store == nil || opts == nil {
		return nil, errors.New("attach: New needs Blobs, a Store and Options")
	}
	o := *opts
	u, err := url.Parse(o.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("attach: Options.URL is %q, want an absolute URL such as https://chat.example.com/files", o.URL)
	}
	o.URL = strings.TrimRight(o.URL, "/")
	if len(o.Secret) < minSecret {
		return nil, fmt.Errorf("attach: Options.Secret has %d bytes, want at least %d", len(o.Secret), minSecret)
	}
	o.Secret = bytes.Clone(o.Secret)
	if len(o.Types) == 0 {
		o.Types = defaultTypes
	}
	if o.NewID == nil {
		o.NewID = chatkit.NewID
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	positive(&o.MaxBytes, defaultMaxBytes)
	positive(&o.MaxPending, defaultMaxPending)
	positive(&o.UploadTTL, defaultUploadTTL)
	positive(&o.UploadTimeout, defaultUploadTimeout)
	positive(&o.ReadTTL, defaultReadTTL)
	return &Files{blobs: blobs, store: store, opts: o}, nil
}

func positive[T int | int64 | time.Duration](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}

// ownerHash stands for an owner in keys and links.
func ownerHash(owner string) string {
	sum := sha256.Sum256([]byte("chatkit owner\n" + owner))
	return hex.EncodeToString(sum[:16])
}

// fileName is the id, unless the application's ids are not fit to be part of a key.
func fileName(id string) string {
	fit := id != "" && len(id) <= 100 && strings.IndexFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}) < 0
	if fit {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256-" + hex.EncodeToString(sum[:])
}

// blobKey is where the bytes are, markKey what remembers a file that has not been sent yet: the records
// cannot be searched for those.
func blobKey(ownerHash, id string) string { return "files/" + ownerHash + "/" + fileName(id) }
func markKey(ownerHash, id string) string { return "pending/" + ownerHash + "/" + fileName(id) }

// CreateAttachment implements [chatkit.AttachmentStore]: the first phase of an upload in two.
func (f *Files) CreateAttachment(ctx context.Context, owner string, c *chatkit.AttachmentCreate) (chatkit.Attachment, error) {
	declared := mediaType(c.MimeType)
	if err := f.admit(declared, c.Size); err != nil {
		return nil, err
	}
	a := f.newAttachment(c.Name, declared, c.Size)
	meta := a.Meta()
	upload, err := f.uploadDescriptor(ctx, owner, meta.ID, c.Size, declared)
	if err != nil {
		return nil, fmt.Errorf("sign upload: %w", err)
	}
	meta.UploadDescriptor = &upload
	if err := f.reserve(ctx, owner, meta.ID); err != nil {
		return nil, err
	}
	return a, nil
}

// admit checks what a browser says of a file before there is anything of it.
func (f *Files) admit(declared string, size int64) error {
	switch {
	case !allowed(f.opts.Types, declared):
		return refused("Files of the type " + declared + " cannot be attached.")
	case size > f.opts.MaxBytes:
		return refused("The file is too large: " + megabytes(f.opts.MaxBytes) + " is the limit.")
	case size <= 0:
		return refused("The file is empty.")
	}
	return nil
}

// refused returns an error that the user sees.
func refused(message string) error { return &chatkit.StreamError{Message: message} }

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)/1024)
	}
	return fmt.Sprintf("%.4g MB", float64(n)/(1<<20))
}

// newAttachment returns the record of a new file.
func (f *Files) newAttachment(name, mediaType string, size int64) chatkit.Attachment {
	meta := chatkit.AttachmentMeta{
		ID: f.opts.NewID(chatkit.IDAttachment), Name: cleanName(name), MimeType: mediaType,
		Metadata: map[string]any{"size": size},
	}
	if isInline(mediaType) {
		return &chatkit.ImageAttachment{AttachmentMeta: meta, PreviewURL: f.fileURL(meta.ID)}
	}
	return &chatkit.FileAttachment{AttachmentMeta: meta}
}

func (f *Files) fileURL(id string) string { return f.opts.URL + "/" + url.PathEscape(id) }

func (f *Files) uploadDescriptor(ctx context.Context, owner, id string, size int64, declared string) (chatkit.UploadDescriptor, error) {
	hash := ownerHash(owner)
	if s, ok := f.blobs.(UploadSigner); ok {
		return s.SignUpload(ctx, blobKey(hash, id), BlobMeta{Size: size, Type: declared}, f.opts.UploadTTL)
	}
	t := f.sign(token{
		Op: opUpload, Owner: hash, ID: id, Size: size, Type: declared,
		Expires: f.opts.Now().Add(f.opts.UploadTTL).Unix(),
	})
	return chatkit.UploadDescriptor{
		URL: f.fileURL(id) + "?token=" + t, Method: "PUT", Headers: map[string]string{"Content-Type": declared},
	}, nil
}

// sizeOf returns the size that was declared. It is in the record, whose numbers may have been JSON since.
func sizeOf(a chatkit.Attachment) (int64, bool) {
	switch n := a.Meta().Metadata["size"].(type) {
	case int64:
		return n, true
	case json.Number:
		size, err := n.Int64()
		return size, err == nil
	case float64:
		return int64(n), true
	}
	return 0, false
}

// VerifyAttachment implements [chatkit.AttachmentVerifier]: the bytes are there, as many as were declared,
// and they are what was declared.
func (f *Files) VerifyAttachment(ctx context.Context, owner string, a chatkit.Attachment) (chatkit.Attachment, error) {
	meta := a.Meta()
	r, blob, err := f.blobs.Open(ctx, blobKey(ownerHash(owner), meta.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refused("The file " + meta.Name + " has not been uploaded.")
	}
	if err != nil {
		return nil, fmt.Errorf("look at attachment %s: %w", meta.ID, err)
	}
	defer r.Close()
	if size, ok := sizeOf(a); ok && size != blob.Size || blob.Size > f.opts.MaxBytes {
		return nil, refused("The file " + meta.Name + " has not been uploaded as it was announced.")
	}
	head, err := readHead(r)
	if err != nil {
		return nil, fmt.Errorf("look at attachment %s: %w", meta.ID, err)
	}
	if !fits(meta.MimeType, sniff(head)) {
		return nil, refused("The file " + meta.Name + " is not of the type " + meta.MimeType + ".")
	}
	meta.UploadDescriptor = nil
	return a, nil
}

func readHead(r io.Reader) ([]byte, error) {
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return head[:n], nil
}

// PresentAttachment implements [chatkit.AttachmentPresenter]: an image gets a preview URL that works for a
// while. Records that are not from here stay as they are.
func (f *Files) PresentAttachment(ctx context.Context, owner string, a chatkit.Attachment) (chatkit.Attachment, error) {
	image, ok := a.(*chatkit.ImageAttachment)
	if !ok || image.PreviewURL != f.fileURL(image.ID) {
		return a, nil
	}
	if size, ok := sizeOf(a); ok && size <= f.opts.DataPreview && image.UploadDescriptor == nil {
		data, err := f.DataURL(ctx, owner, a)
		if err == nil {
			image.PreviewURL = data
		}
		return a, err
	}
	link, err := f.Link(ctx, owner, a)
	if err == nil {
		image.PreviewURL = link
	}
	return a, err
}

// DeleteAttachment implements [chatkit.AttachmentStore].
func (f *Files) DeleteAttachment(ctx context.Context, owner, id string) error {
	// The mark stays: a signed upload may still come in, and Sweep finds it by that.
	if err := f.blobs.Delete(ctx, blobKey(ownerHash(owner), id)); err != nil {
		return fmt.Errorf("delete file of attachment %s: %w", id, err)
	}
	return nil
}
