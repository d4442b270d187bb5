package attach

import (
	"context"
	"io"
	"iter"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Blobs keep bytes under keys. A key is a slash-separated path of letters, digits, "-" and "_", as
// [io/fs.ValidPath] wants it, and at most 200 bytes long. What does not exist is an error that wraps
// [io/fs.ErrNotExist]. All methods are safe for concurrent use.
//
// Blobs may also be an [UploadSigner], a [ReadSigner] and a [Lister].
type Blobs interface {
	// Put stores all that r has, or nothing: if r fails, its error is returned and nothing is left. The
	// size in m is -1 if it is not known; r is limited by the caller. Whether a second Put replaces the
	// first, or fails with an error that wraps io/fs.ErrExist, is up to the implementation.
	Put(ctx context.Context, key string, r io.Reader, m BlobMeta) error
	// Open returns the bytes, for the caller to close. A reader that is an io.Seeker, too, lets browsers
	// ask for parts.
	Open(ctx context.Context, key string) (io.ReadCloser, BlobMeta, error)
	// Stat returns what Open would tell of the bytes.
	Stat(ctx context.Context, key string) (BlobMeta, error)
	// Delete deletes what there is of the keys.
	Delete(ctx context.Context, keys ...string) error
}

// BlobMeta describes bytes.
type BlobMeta struct {
	Size     int64     // bytes
	Type     string    // media type, or empty if it was not kept
	Modified time.Time // when it was put; not looked at by Put
}

// An UploadSigner lets a browser upload past this server.
type UploadSigner interface {
	// SignUpload returns where and how to put exactly m.Size bytes of m.Type, which works for ttl. The
	// method must be PUT: the client's POST is a form with one field, which buckets do not take. Size and
	// type have to be part of the signature, because nothing else limits them.
	SignUpload(ctx context.Context, key string, m BlobMeta, ttl time.Duration) (chatkit.UploadDescriptor, error)
}

// A ReadSigner lets a browser download past this server.
type ReadSigner interface {
	// SignRead returns a URL that works for ttl and answers with the given headers.
	SignRead(ctx context.Context, key string, h ReadHeader, ttl time.Duration) (string, error)
}

// A ReadHeader is what an answer with a file says of it.
type ReadHeader struct {
	Type        string // Content-Type
	Disposition string // Content-Disposition
}

// A Lister makes it possible to clear up, and to limit how many uploads wait to be sent.
type Lister interface {
	// List walks the keys that begin with prefix, in any order. The walk ends with the first error. Blobs
	// may be deleted during it.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}
