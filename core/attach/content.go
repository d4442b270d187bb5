package attach

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Open returns the bytes of an attachment of the owner, for the caller to close. A file that is gone is an
// error that wraps [io/fs.ErrNotExist].
func (f *Files) Open(ctx context.Context, owner string, a chatkit.Attachment) (io.ReadCloser, error) {
	r, _, err := f.blobs.Open(ctx, blobKey(ownerHash(owner), a.Meta().ID))
	if err != nil {
		return nil, fmt.Errorf("open attachment %s: %w", a.Meta().ID, err)
	}
	return r, nil
}

// Bytes returns all of an attachment. One that is larger than Options.MaxBytes is an error.
func (f *Files) Bytes(ctx context.Context, owner string, a chatkit.Attachment) ([]byte, error) {
	r, err := f.Open(ctx, owner, a)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, f.opts.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read attachment %s: %w", a.Meta().ID, err)
	}
	if int64(len(data)) > f.opts.MaxBytes {
		return nil, fmt.Errorf("read attachment %s: it is larger than %d bytes", a.Meta().ID, f.opts.MaxBytes)
	}
	return data, nil
}

// DataURL returns an attachment as a data: URL, the form in which models take images and files that they
// cannot load by themselves.
func (f *Files) DataURL(ctx context.Context, owner string, a chatkit.Attachment) (string, error) {
	data, err := f.Bytes(ctx, owner, a)
	if err != nil {
		return "", err
	}
	return "data:" + a.Meta().MimeType + ";base64," + base64.StdEncoding.EncodeToString(data), nil
}

// Text returns an attachment as text, to put it into a prompt. It reports false if it is none: another
// type, or not UTF-8.
func (f *Files) Text(ctx context.Context, owner string, a chatkit.Attachment) (string, bool, error) {
	if !isText(a.Meta().MimeType) {
		return "", false, nil
	}
	data, err := f.Bytes(ctx, owner, a)
	if err != nil || !utf8.Valid(data) {
		return "", false, err
	}
	return strings.TrimPrefix(string(data), "\ufeff"), true, nil
}

// Link returns a URL from which a browser can load an attachment, without a login, for Options.ReadTTL at
// most. It is the same for a while, so that browsers can keep what they have loaded.
func (f *Files) Link(ctx context.Context, owner string, a chatkit.Attachment) (string, error) {
	meta, ttl := a.Meta(), f.opts.ReadTTL
	h := readHeader(meta.MimeType, meta.Name)
	if s, ok := f.blobs.(ReadSigner); ok {
		link, err := s.SignRead(ctx, blobKey(ownerHash(owner), meta.ID), h, ttl)
		if err != nil {
			return "", fmt.Errorf("sign link to attachment %s: %w", meta.ID, err)
		}
		return link, nil
	}
	expires := f.opts.Now().Truncate(max(ttl/2, time.Second)).Add(ttl)
	t := f.sign(token{
		Op: opRead, Owner: ownerHash(owner), ID: meta.ID, Type: meta.MimeType, Name: meta.Name, Expires: expires.Unix(),
	})
	return f.fileURL(meta.ID) + "?token=" + t, nil
}

// readHeader says how a file is shown: four kinds of images as what they are, everything else as a
// download of an unknown kind.
func readHeader(mediaType, name string) ReadHeader {
	if isInline(mediaType) {
		return ReadHeader{Type: mediaType, Disposition: disposition("inline", name)}
	}
	return ReadHeader{Type: unknownType, Disposition: disposition("attachment", name)}
}
