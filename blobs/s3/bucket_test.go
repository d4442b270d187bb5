package s3blobs_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	s3blobs "github.com/gochatkit/chatkit/blobs/s3"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/memstore"
)

const (
	accessKey = "AKIDTEST"
	secretKey = "not a secret"
	region    = "eu-central-1"
	bucket    = "files"
)

// newBucket returns a bucket of an S3 server that runs in this test and checks the signatures of links.
func newBucket(t *testing.T) *s3blobs.Bucket {
	t.Helper()
	server := httptest.NewServer(signed(gofakes3.New(s3mem.New()).Server()))
	t.Cleanup(server.Close)
	client := s3.New(s3.Options{
		BaseEndpoint: &server.URL, Region: region, UsePathStyle: true, HTTPClient: server.Client(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}, nil
		}),
	})
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	return s3blobs.New(client, bucket, &s3blobs.Options{Prefix: "chat/"})
}

// signed refuses links whose signature does not fit the request, as a real server does and the fake one
// does not.
func signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		want := q.Get("X-Amz-Signature")
		if want == "" && r.Header.Get("Authorization") == "" {
			http.Error(w, "AccessDenied", http.StatusForbidden)
			return
		}
		if want != "" {
			q.Del("X-Amz-Signature")
			names := strings.Split(q.Get("X-Amz-SignedHeaders"), ";")
			var headers strings.Builder
			for _, name := range names {
				value := r.Header.Get(name)
				switch name {
				case "host":
					value = r.Host
				case "content-length":
					value = strconv.FormatInt(r.ContentLength, 10) // servers keep it apart
				}
				headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
			}
			canonical := strings.Join([]string{
				r.Method, r.URL.EscapedPath(), strings.ReplaceAll(q.Encode(), "+", "%20"), headers.String(), strings.Join(names, ";"), "UNSIGNED-PAYLOAD",
			}, "\n")
			sum := sha256.Sum256([]byte(canonical))
			at := q.Get("X-Amz-Date")
			scope := at[:8] + "/" + region + "/s3/aws4_request"
			key := []byte("AWS4" + secretKey)
			for _, part := range []string{at[:8], region, "s3", "aws4_request", "AWS4-HMAC-SHA256\n" + at + "\n" + scope + "\n" + hex.EncodeToString(sum[:])} {
				mac := hmac.New(sha256.New, key)
				_, _ = mac.Write([]byte(part))
				key = mac.Sum(nil)
			}
			if got := hex.EncodeToString(key); got != want {
				http.Error(w, "SignatureDoesNotMatch", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func read(t *testing.T, b *s3blobs.Bucket, key string) ([]byte, attach.BlobMeta) {
	t.Helper()
	r, m, err := b.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data, m
}

func TestBlobsOfAllSizesComeBack(t *testing.T) {
	b := newBucket(t)
	const part = 5 << 20
	for _, size := range []int{0, 1, 1000, part - 1, part, part + 1, 2*part + 7} {
		data := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
		for _, known := range []int64{int64(size), -1} {
			// Only a Reader: nothing that a file or a buffer could do besides.
			err := b.Put(t.Context(), "a/b", struct{ io.Reader }{bytes.NewReader(data)}, attach.BlobMeta{Size: known, Type: "text/plain"})
			if err != nil {
				t.Fatalf("Put of %d bytes: %v", size, err)
			}
			got, m := read(t, b, "a/b")
			if !bytes.Equal(got, data) || m.Size != int64(size) || m.Type != "text/plain" {
				t.Errorf("Open after Put of %d bytes = %d bytes, %+v", size, len(got), m)
			}
			if m, err := b.Stat(t.Context(), "a/b"); err != nil || m.Size != int64(size) || m.Type != "text/plain" || m.Modified.IsZero() {
				t.Errorf("Stat after Put of %d bytes = %+v, %v", size, m, err)
			}
		}
	}
}

func TestAPutThatFailsLeavesNothing(t *testing.T) {
	b := newBucket(t)
	broken := errors.New("broken")
	for _, size := range []int{0, 100, 6 << 20} {
		r := io.MultiReader(bytes.NewReader(make([]byte, size)), failing{broken})
		if err := b.Put(t.Context(), "k", r, attach.BlobMeta{Size: -1}); !errors.Is(err, broken) {
			t.Errorf("Put of %d bytes that fail = %v, want the reader's error", size, err)
		}
		if _, err := b.Stat(t.Context(), "k"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Stat after a failed Put = %v, want fs.ErrNotExist", err)
		}
	}
	if err := b.Put(t.Context(), "k", strings.NewReader("12345"), attach.BlobMeta{Size: 3}); err == nil {
		t.Error("Put of more than was announced succeeded")
	}
	if _, _, err := b.Open(t.Context(), "k"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open of what does not exist = %v, want fs.ErrNotExist", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestListAndDelete(t *testing.T) {
	b := newBucket(t)
	for _, key := range []string{"pending/a/1", "pending/a/2", "pending/b/1", "files/a/1"} {
		if err := b.Put(t.Context(), key, strings.NewReader("x"), attach.BlobMeta{Size: 1}); err != nil {
			t.Fatal(err)
		}
	}
	list := func(prefix string) (keys []string) {
		for key, err := range b.List(t.Context(), prefix) {
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, key)
		}
		return keys
	}
	if got, want := list("pending/a/"), []string{"pending/a/1", "pending/a/2"}; !slices.Equal(got, want) {
		t.Errorf("List = %v, want %v", got, want)
	}
	if err := b.Delete(t.Context(), "pending/a/1", "never/was"); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if got, want := list("pending/"), []string{"pending/a/2", "pending/b/1"}; !slices.Equal(got, want) {
		t.Errorf("List = %v, want %v", got, want)
	}
}

// send makes the request that a browser makes with an upload descriptor.
func send(t *testing.T, up chatkit.UploadDescriptor, kind string, body []byte) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), up.Method, up.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range up.Headers {
		r.Header.Set(name, value)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestASignedUploadIsForOneSizeAndOneType(t *testing.T) {
	b := newBucket(t)
	up, err := b.SignUpload(t.Context(), "files/a/1", attach.BlobMeta{Size: 5, Type: "text/plain"}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if up.Method != http.MethodPut || up.Headers["Content-Type"] != "text/plain" || len(up.Headers) != 1 {
		t.Errorf("upload = %+v, want a PUT with the type and no header that a browser refuses", up)
	}
	if !strings.Contains(up.URL, "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost") {
		t.Errorf("URL = %s, want the length and the type signed", up.URL)
	}
	for name, status := range map[string]int{
		"longer":              send(t, up, "", []byte("123456")),
		"shorter":             send(t, up, "", []byte("1234")),
		"of another type":     send(t, up, "text/html", []byte("12345")),
		"to another key":      send(t, chatkit.UploadDescriptor{Method: "PUT", Headers: up.Headers, URL: strings.Replace(up.URL, "/1?", "/2?", 1)}, "", []byte("12345")),
		"with another method": send(t, chatkit.UploadDescriptor{Method: "POST", Headers: up.Headers, URL: up.URL}, "", []byte("12345")),
	} {
		if status != http.StatusForbidden {
			t.Errorf("an upload %s = %d, want 403", name, status)
		}
	}
	if _, err := b.Stat(t.Context(), "files/a/1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat = %v, want nothing stored", err)
	}
	if status := send(t, up, "", []byte("12345")); status != http.StatusOK {
		t.Errorf("the upload = %d, want 200", status)
	}
	if data, _ := read(t, b, "files/a/1"); string(data) != "12345" {
		t.Errorf("stored = %q", data)
	}
}

func TestASignedLinkSaysHowTheFileIsShown(t *testing.T) {
	b := newBucket(t)
	if err := b.Put(t.Context(), "k", strings.NewReader("<script>"), attach.BlobMeta{Size: 8, Type: "text/html"}); err != nil {
		t.Fatal(err)
	}
	link, err := b.SignRead(t.Context(), "k", attach.ReadHeader{Type: "application/octet-stream", Disposition: `attachment; filename="a b.html"`}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	get := func(link string) *http.Response {
		response, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response
	}
	if response := get(link); response.StatusCode != 200 {
		t.Errorf("GET = %s", response.Status)
	}
	if response := get(strings.Replace(link, "octet-stream", "xhtml", 1)); response.StatusCode != 403 {
		t.Errorf("GET with another type = %s, want 403: it is part of the signature", response.Status)
	}
	if response := get(strings.SplitN(link, "?", 2)[0]); response.StatusCode != 403 {
		t.Errorf("GET without a signature = %s, want 403", response.Status)
	}
}

func TestFilesInABucket(t *testing.T) {
	b := newBucket(t)
	store := memstore.New()
	files, err := attach.New(b, store, &attach.Options{
		URL: "https://chat.example.com/files", Secret: bytes.Repeat([]byte("k"), 32), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)
	upload := func(body []byte) (chatkit.Attachment, error) {
		a, err := files.CreateAttachment(t.Context(), "ann", &chatkit.AttachmentCreate{Name: "a.png", Size: int64(len(body)), MimeType: "image/png"})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.PutAttachment(t.Context(), "ann", a); err != nil {
			t.Fatal(err)
		}
		if _, err := files.VerifyAttachment(t.Context(), "ann", chatkit.CloneAttachment(a)); err == nil {
			t.Error("a file was verified before it was uploaded")
		}
		if status := send(t, *a.Meta().UploadDescriptor, "", body); status != 200 {
			t.Errorf("upload = %d, want 200", status)
		}
		return files.VerifyAttachment(t.Context(), "ann", a)
	}
	a, err := upload(png)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	shown, err := files.PresentAttachment(t.Context(), "ann", chatkit.CloneAttachment(a))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(shown.(*chatkit.ImageAttachment).PreviewURL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if data, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(data, png) {
		t.Errorf("preview = %s, %d bytes, %v, want the image", response.Status, len(data), err)
	}
	var shownError *chatkit.StreamError
	if _, err := upload([]byte("<svg><script>alert(1)</script></svg>")); !errors.As(err, &shownError) {
		t.Errorf("verify of markup that says it is a PNG: %v, want it refused", err)
	}
	if err := files.DeleteAttachment(t.Context(), "ann", a.Meta().ID); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Bytes(t.Context(), "ann", a); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Bytes after a deletion = %v, want fs.ErrNotExist", err)
	}
}
