// Package s3blobs keeps the files of messages in a bucket of Amazon S3, or of another service that speaks
// its protocol, such as MinIO, Ceph and Cloudflare R2. Browsers upload and download past this server.
//
//	cfg, err := config.LoadDefaultConfig(ctx) // of aws-sdk-go-v2/config
//	…
//	blobs := s3blobs.New(s3.NewFromConfig(cfg), "my-bucket", nil)
//	files, err := attach.New(blobs, store, &attach.Options{URL: …, Secret: …})
//
// The bucket stays private. It needs a CORS rule that lets the page PUT:
//
//	[{"AllowedMethods": ["PUT", "GET"], "AllowedOrigins": ["https://chat.example.com"], "AllowedHeaders": ["*"]}]
//
// The page's own fetch must not add its Authorization header to requests that go to the bucket: S3 takes a
// request with two kinds of authorization for a mistake.
package s3blobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
)

// Options are what a [Bucket] can be told. The zero value works.
type Options struct {
	// Prefix stands before all keys, such as "chat/". Defaults to none.
	Prefix string
	// Public signs links, if browsers reach the bucket under another address than this server does.
	// Defaults to the client that the Bucket was made with.
	Public *s3.Client
}

// A Bucket keeps blobs as objects. It is safe for concurrent use. A second Put replaces the first.
type Bucket struct {
	client  *s3.Client
	presign *s3.PresignClient
	name    string
	prefix  string
}

var (
	_ attach.Blobs        = (*Bucket)(nil)
	_ attach.UploadSigner = (*Bucket)(nil)
	_ attach.ReadSigner   = (*Bucket)(nil)
	_ attach.Lister       = (*Bucket)(nil)
)

// New returns the bucket with the given name. Nil opts means defaults.
func New(client *s3.Client, bucket string, opts *Options) *Bucket {
	b := &Bucket{client: client, name: bucket}
	public := client
	if opts != nil {
		b.prefix = opts.Prefix
		if opts.Public != nil {
			public = opts.Public
		}
	}
	b.presign = s3.NewPresignClient(public, func(o *s3.PresignOptions) {
		o.ClientOptions = append(o.ClientOptions, checksums)
	})
	return b
}

// checksums leaves out what only Amazon's own service knows, and what cannot be known of a body that a
// browser is going to send.
func checksums(o *s3.Options) {
	o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
}

func (b *Bucket) key(key string) *string { return aws.String(b.prefix + key) }

// partSize is how much of a file is in memory at once. It is the least that S3 takes for a part.
const partSize = 5 << 20

// Put implements [attach.Blobs]. An object appears when it is complete.
func (b *Bucket) Put(ctx context.Context, key string, r io.Reader, m attach.BlobMeta) error {
	size := int64(partSize)
	if m.Size >= 0 {
		size = min(size, m.Size+1) // one more, so that the end is seen at once
	}
	buf := make([]byte, size)
	n, last, err := fill(r, buf)
	switch {
	case err != nil:
	case last:
		_, err = b.client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &b.name, Key: b.key(key), Body: bytes.NewReader(buf[:n]), ContentLength: aws.Int64(int64(n)), ContentType: contentType(m),
		}, checksums)
	case n < partSize:
		err = fmt.Errorf("there is more than the %d bytes that were announced", m.Size)
	default:
		err = b.putParts(ctx, key, buf, r, m)
	}
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func contentType(m attach.BlobMeta) *string {
	if m.Type == "" {
		return nil
	}
	return &m.Type
}

// putParts stores what is more than one part. The first one is in buf, which is used for all of them.
func (b *Bucket) putParts(ctx context.Context, key string, buf []byte, r io.Reader, m attach.BlobMeta) (err error) {
	upload, err := b.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &b.name, Key: b.key(key), ContentType: contentType(m),
	}, checksums)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil { // parts that nobody completes cost money and are in no list
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			_, abort := b.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
				Bucket: &b.name, Key: b.key(key), UploadId: upload.UploadId,
			})
			err = errors.Join(err, abort)
		}
	}()
	var parts []types.CompletedPart
	for n, last := len(buf), false; n > 0; {
		number := aws.Int32(int32(len(parts)) + 1) // a file has far fewer than 10,000
		part, err := b.client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &b.name, Key: b.key(key), UploadId: upload.UploadId, PartNumber: number,
			Body: bytes.NewReader(buf[:n]), ContentLength: aws.Int64(int64(n)),
		}, checksums)
		if err != nil {
			return err
		}
		parts = append(parts, types.CompletedPart{ETag: part.ETag, PartNumber: number})
		if last {
			break
		}
		if n, last, err = fill(r, buf); err != nil {
			return err
		}
	}
	_, err = b.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &b.name, Key: b.key(key), UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	return err
}

// fill reads until buf is full or there is no more. io.ReadFull cannot be used: it gives the end of r the
// same name as an upload that was cut off has.
func fill(r io.Reader, buf []byte) (n int, last bool, err error) {
	for n < len(buf) {
		m, err := r.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// Open implements [attach.Blobs].
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadCloser, attach.BlobMeta, error) {
	o, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: b.key(key)})
	if err != nil {
		return nil, attach.BlobMeta{}, fmt.Errorf("open %s: %w", key, explain(err))
	}
	return o.Body, attach.BlobMeta{
		Size: aws.ToInt64(o.ContentLength), Type: aws.ToString(o.ContentType), Modified: aws.ToTime(o.LastModified),
	}, nil
}

// Stat implements [attach.Blobs].
func (b *Bucket) Stat(ctx context.Context, key string) (attach.BlobMeta, error) {
	o, err := b.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: b.key(key)})
	if err != nil {
		return attach.BlobMeta{}, fmt.Errorf("stat %s: %w", key, explain(err))
	}
	return attach.BlobMeta{
		Size: aws.ToInt64(o.ContentLength), Type: aws.ToString(o.ContentType), Modified: aws.ToTime(o.LastModified),
	}, nil
}

// explain gives what does not exist the name that callers ask for.
func explain(err error) error {
	var answer interface{ HTTPStatusCode() int }
	if errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusNotFound {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}

// Delete implements [attach.Blobs].
func (b *Bucket) Delete(ctx context.Context, keys ...string) error {
	var errs []error
	for _, key := range keys {
		if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: b.key(key)}); err != nil {
			errs = append(errs, fmt.Errorf("delete %s: %w", key, err))
		}
	}
	return errors.Join(errs...)
}

// List implements [attach.Lister].
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: b.key(prefix)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield("", fmt.Errorf("list %s: %w", prefix, err))
				return
			}
			for _, o := range page.Contents {
				if !yield(strings.TrimPrefix(aws.ToString(o.Key), b.prefix), nil) {
					return
				}
			}
		}
	}
}

// SignUpload implements [attach.UploadSigner]. Size and type are part of the signature: a body of another
// length is refused by the bucket.
func (b *Bucket) SignUpload(ctx context.Context, key string, m attach.BlobMeta, ttl time.Duration) (chatkit.UploadDescriptor, error) {
	r, err := b.presign.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.name, Key: b.key(key), ContentLength: &m.Size, ContentType: contentType(m),
	}, s3.WithPresignExpires(ttl))
	if err != nil {
		return chatkit.UploadDescriptor{}, fmt.Errorf("sign upload of %s: %w", key, err)
	}
	upload := chatkit.UploadDescriptor{URL: r.URL, Method: r.Method, Headers: map[string]string{}}
	for name, values := range r.SignedHeader {
		switch http.CanonicalHeaderKey(name) {
		case "Host", "Content-Length": // browsers send these by themselves, and let nobody else
		default:
			upload.Headers[http.CanonicalHeaderKey(name)] = strings.Join(values, ",")
		}
	}
	return upload, nil
}

// SignRead implements [attach.ReadSigner].
func (b *Bucket) SignRead(ctx context.Context, key string, h attach.ReadHeader, ttl time.Duration) (string, error) {
	r, err := b.presign.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: &b.name, Key: b.key(key), ResponseContentType: &h.Type, ResponseContentDisposition: &h.Disposition,
	}, s3.WithPresignExpires(ttl))
	if err != nil {
		return "", fmt.Errorf("sign link to %s: %w", key, err)
	}
	return r.URL, nil
}
