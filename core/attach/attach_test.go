package attach_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/memstore"
)

const base = "https://chat.example.com/files"

var (
	png     = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("pixel"), 300)...)
	svg     = []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	xmlSVG  = append([]byte(`<?xml version="1.0"?>`), svg...)
	page    = []byte("<!DOCTYPE html><script>alert(1)</script>")
	note    = []byte("just a note\n")
	secret  = bytes.Repeat([]byte("k"), 32)
	private = func(o *attach.Options) { o.Owner = ownerOf }
)

type ownerKey struct{}

// ownerOf takes the owner from the context, as middleware would have put it there.
func ownerOf(ctx context.Context) (string, error) {
	owner, _ := ctx.Value(ownerKey{}).(string)
	return owner, nil
}

// A bench is Files on a folder, with a clock to turn.
type bench struct {
	*attach.Files
	t     *testing.T
	dir   string
	store chatkit.Store
	now   time.Time
}

func newBench(t *testing.T, change ...func(*attach.Options)) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), store: memstore.New(), now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	folder, err := attach.NewFolder(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	opts := &attach.Options{URL: base, Secret: secret, Now: func() time.Time { return b.now }, Logger: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(opts)
	}
	if b.Files, err = attach.New(folder, b.store, opts); err != nil {
		t.Fatal(err)
	}
	return b
}

// files returns what lies in the folder, incomplete files included, marks of pending uploads not.
func (b *bench) files() (names []string) {
	b.t.Helper()
	err := filepath.WalkDir(b.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.Contains(path, "/pending/") {
			names = append(names, strings.TrimPrefix(path, b.dir+"/"))
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return names
}

// create does what the server does for attachments.create.
func (b *bench) create(owner, name, kind string, size int) (chatkit.Attachment, error) {
	b.t.Helper()
	a, err := b.CreateAttachment(b.t.Context(), owner, &chatkit.AttachmentCreate{Name: name, MimeType: kind, Size: int64(size)})
	if err != nil {
		return nil, err
	}
	return a, b.store.PutAttachment(b.t.Context(), owner, a)
}

func (b *bench) mustCreate(name, kind string, size int) chatkit.Attachment {
	b.t.Helper()
	a, err := b.create("", name, kind, size)
	if err != nil {
		b.t.Fatalf("create %s: %v", name, err)
	}
	return a
}

func (b *bench) do(method, target, kind string, body io.Reader) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, target, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

func (b *bench) put(a chatkit.Attachment, body []byte) *httptest.ResponseRecorder {
	b.t.Helper()
	up := a.Meta().UploadDescriptor
	return b.do(up.Method, up.URL, up.Headers["Content-Type"], bytes.NewReader(body))
}

// form returns a form with one file.
func form(field, name, kind string, body []byte) (string, io.Reader) {
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition(field, name))
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	p, err := m.CreatePart(h)
	if err == nil {
		_, err = p.Write(body)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return m.FormDataContentType(), &buf
}

// verify does what the server does when a message names an attachment.
func (b *bench) verify(owner, id string) (chatkit.Attachment, error) {
	b.t.Helper()
	a, err := b.store.Attachment(b.t.Context(), owner, id)
	if err != nil {
		return nil, err
	}
	if a, err = b.VerifyAttachment(b.t.Context(), owner, a); err != nil {
		return nil, err
	}
	thread := "thr_1"
	a.Meta().ThreadID = &thread
	return a, b.store.PutAttachment(b.t.Context(), owner, a)
}

func wantStatus(t *testing.T, what string, w *httptest.ResponseRecorder, want int) {
	t.Helper()
	if w.Code != want {
		t.Errorf("%s = %d %s, want %d", what, w.Code, w.Body, want)
	}
	if w.Code >= 300 && w.Body.Len() > 0 {
		var answer struct{ Message string }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Message == "" {
			t.Errorf("%s: body = %s, want a message", what, w.Body)
		}
	}
}

func TestAnUploadInTwoPhases(t *testing.T) {
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			b := newBench(t)
			a := b.mustCreate("cat.png", "image/png", len(png))
			up := a.Meta().UploadDescriptor
			if up == nil || up.Method != "PUT" || !strings.HasPrefix(up.URL, base+"/"+a.Meta().ID+"?token=") {
				t.Fatalf("upload descriptor = %+v, want a PUT to %s", up, base)
			}
			if _, err := b.verify("", a.Meta().ID); err == nil {
				t.Error("a file without bytes was verified")
			} else if code, text := chatkit.HTTPStatus(err); code != 400 || !strings.Contains(text, "cat.png") {
				t.Errorf("a message with a file that is missing: %d %s, want 400 and its name", code, text)
			}
			kind, body := "image/png", io.Reader(bytes.NewReader(png))
			if method == http.MethodPost {
				kind, body = form("file", "cat.png", "image/png", png)
			}
			wantStatus(t, "upload", b.do(method, up.URL, kind, body), 200)
			wantStatus(t, "the same upload again", b.put(a, png), 200)
			if got := b.files(); len(got) != 1 {
				t.Errorf("files = %v, want one", got)
			}
			ready, err := b.verify("", a.Meta().ID)
			if err != nil {
				t.Fatalf("verify: %v", err)
			}
			if ready.Meta().UploadDescriptor != nil {
				t.Error("an upload descriptor is left after the upload")
			}
			data, err := b.Bytes(t.Context(), "", ready)
			if err != nil || !bytes.Equal(data, png) {
				t.Errorf("Bytes = %d bytes, %v, want the image", len(data), err)
			}
			if link, err := b.DataURL(t.Context(), "", ready); err != nil || !strings.HasPrefix(link, "data:image/png;base64,iVBORw0KGgp") {
				t.Errorf("DataURL = %.40s, %v", link, err)
			}

			shown, err := b.PresentAttachment(t.Context(), "", chatkit.CloneAttachment(ready))
			if err != nil {
				t.Fatal(err)
			}
			preview := shown.(*chatkit.ImageAttachment).PreviewURL
			w := b.do("GET", preview, "", nil)
			wantStatus(t, "preview", w, 200)
			if !bytes.Equal(w.Body.Bytes(), png) {
				t.Errorf("preview = %d bytes, want the image", w.Body.Len())
			}
			for name, want := range map[string]string{
				"Content-Type": "image/png", "Content-Disposition": `inline; filename="cat.png"`, "X-Content-Type-Options": "nosniff",
				"Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin",
			} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
			b.now = b.now.Add(61 * time.Minute)
			wantStatus(t, "preview an hour later", b.do("GET", preview, "", nil), 403)

			if err := b.DeleteAttachment(t.Context(), "", a.Meta().ID); err != nil {
				t.Fatal(err)
			}
			if got := b.files(); len(got) != 0 {
				t.Errorf("files after a deletion = %v, want none", got)
			}
		})
	}
}

func TestADirectUpload(t *testing.T) {
	b := newBench(t, private)
	upload := func(owner, name, kind string, body []byte) *httptest.ResponseRecorder {
		kind, in := form("file", name, kind, body)
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), ownerKey{}, owner), "POST", base, in)
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		return w
	}
	wantStatus(t, "upload without a login", upload("", "a.png", "image/png", png), 401)
	w := upload("ann", `..\..\etc/ü"b.png`, "", png)
	wantStatus(t, "upload", w, 200)
	if strings.Contains(w.Body.String(), "metadata") || strings.Contains(w.Body.String(), "ann") {
		t.Errorf("answer = %s, want neither metadata nor the owner", w.Body)
	}
	a, err := chatkit.UnmarshalAttachment(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	image, ok := a.(*chatkit.ImageAttachment)
	if !ok || image.Name != `ü"b.png` || image.MimeType != "image/png" || image.UploadDescriptor != nil {
		t.Fatalf("attachment = %+v, want an image of the type that the bytes have", a)
	}
	w = b.do("GET", image.PreviewURL, "", nil)
	wantStatus(t, "preview", w, 200)
	if got, want := w.Header().Get("Content-Disposition"), `inline; filename="__b.png"; filename*=UTF-8''%C3%BC%22b.png`; got != want {
		t.Errorf("Content-Disposition = %s, want %s", got, want)
	}
	if _, err := b.verify("bob", a.Meta().ID); err == nil {
		t.Error("bob can send ann's file")
	}
	if _, err := b.verify("ann", a.Meta().ID); err != nil {
		t.Errorf("ann cannot send her file: %v", err)
	}
	if _, err := b.Open(t.Context(), "bob", a); err == nil {
		t.Error("bob can open ann's file by its id")
	}
}

func TestWhatIsNotAllowedIsRefusedAndLeavesNothing(t *testing.T) {
	small := func(o *attach.Options) { o.MaxBytes = 1000 }
	svgToo := func(o *attach.Options) { o.Types = []string{"image/*", "text/plain"} }
	for _, tt := range []struct {
		name, kind string
		body       []byte
		change     func(*attach.Options)
		status     int
	}{
		{"too large", "text/plain", bytes.Repeat([]byte("x"), 1001), small, 413},
		{"empty", "text/plain", nil, small, 400},
		{"of a type that is not allowed", "application/x-msdownload", []byte("MZ\x90"), small, 400},
		{"SVG", "image/svg+xml", svg, small, 400},
		{"SVG that says PNG", "image/png", svg, svgToo, 415},
		{"HTML that says PNG", "image/png", page, svgToo, 415},
		{"HTML that says JPEG", "image/jpeg", page, svgToo, 415},
		{"text that says PNG", "image/png", note, svgToo, 415},
		{"PNG that says GIF", "image/gif", png, svgToo, 415},
		{"PNG that says text", "text/plain", png, svgToo, 415},
		{"PNG that says SVG", "image/svg+xml", png, svgToo, 415},
		{"binary that says text", "text/plain", []byte{0, 1, 2, 3}, svgToo, 415},
	} {
		t.Run(tt.name+", direct", func(t *testing.T) {
			b := newBench(t, tt.change)
			kind, in := form("file", "a", tt.kind, tt.body)
			wantStatus(t, "upload", b.do("POST", base, kind, in), tt.status)
			if got := b.files(); len(got) != 0 {
				t.Errorf("files = %v, want none", got)
			}
		})
		t.Run(tt.name+", in two phases", func(t *testing.T) {
			b := newBench(t, tt.change)
			a, err := b.create("", "a", tt.kind, len(tt.body))
			if err != nil {
				if code, _ := chatkit.HTTPStatus(err); code != 400 || tt.status == 415 {
					t.Errorf("create: %v, want it refused by the upload with %d", err, tt.status)
				}
				return
			}
			wantStatus(t, "upload", b.put(a, tt.body), tt.status)
			if _, err := b.verify("", a.Meta().ID); err == nil {
				t.Error("a message can carry it")
			}
			if got := b.files(); len(got) != 0 {
				t.Errorf("files = %v, want none", got)
			}
		})
	}
}

func TestAnUploadOfAnotherSizeIsRefused(t *testing.T) {
	for _, size := range []int{0, len(note) - 1, len(note) + 1, 100_000} {
		for _, known := range []bool{true, false} {
			b := newBench(t)
			a := b.mustCreate("a.txt", "text/plain", len(note))
			up := a.Meta().UploadDescriptor
			r := httptest.NewRequestWithContext(t.Context(), "PUT", up.URL, bytes.NewReader(bytes.Repeat([]byte("x"), size)))
			if !known {
				r.ContentLength = -1
			}
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if w.Code != 400 && w.Code != 413 {
				t.Errorf("upload of %d bytes, length known %t = %d %s, want 400 or 413", size, known, w.Code, w.Body)
			}
			if got := b.files(); len(got) != 0 {
				t.Errorf("files = %v, want none", got)
			}
		}
	}
}

func TestMarkupIsADownloadInASandbox(t *testing.T) {
	for kind, body := range map[string][]byte{"image/svg+xml": xmlSVG, "text/html": page, "text/plain": page, "application/pdf": []byte("%PDF-1.7")} {
		b := newBench(t, func(o *attach.Options) { o.Types = []string{"*"} })
		a := b.mustCreate("x", kind, len(body))
		if _, ok := a.(*chatkit.FileAttachment); !ok {
			t.Errorf("%s is a %T, want a file without a preview", kind, a)
		}
		wantStatus(t, "upload "+kind, b.put(a, body), 200)
		link, err := b.Link(t.Context(), "", a)
		if err != nil {
			t.Fatal(err)
		}
		w := b.do("GET", link, "", nil)
		h := w.Header()
		if w.Code != 200 || h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s is served as %d %v, want a download", kind, w.Code, h)
		}
	}
}

func TestWhatIsNoImageIsNotShownAsOneWhateverTheRecordSays(t *testing.T) {
	b := newBench(t)
	a := b.mustCreate("a.png", "image/png", len(png))
	wantStatus(t, "upload", b.put(a, png), 200)
	if err := os.WriteFile(filepath.Join(b.dir, b.files()[0]), xmlSVG, 0o600); err != nil { // as if it had got there past this server
		t.Fatal(err)
	}
	link, err := b.Link(t.Context(), "", a)
	if err != nil {
		t.Fatal(err)
	}
	h := b.do("GET", link, "", nil).Header()
	if h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		t.Errorf("markup is served with %v, want a download", h)
	}
	if err := os.WriteFile(filepath.Join(b.dir, b.files()[0]), bytes.Repeat([]byte("x"), len(png)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.verify("", a.Meta().ID); err == nil {
		t.Error("a text that is as long as the image was announced to be can be sent as one")
	}
}

func TestNamesAreHarmless(t *testing.T) {
	b := newBench(t)
	for name, want := range map[string]string{
		"a.txt": "a.txt", "/etc/passwd": "passwd", `C:\x\y.txt`: "y.txt", "..": "file", "": "file", "a\r\nX: y": "aX: y",
		"gnp.\u202eexe": "gnp.exe", "bad\xff\xfename": "badname", strings.Repeat("ü", 300): strings.Repeat("ü", 100), " . ": "file",
	} {
		if got := b.mustCreate(name, "text/plain", 1).Meta().Name; got != want {
			t.Errorf("name of %q = %q, want %q", name, got, want)
		}
	}
}

func TestLinksCannotBeForgedOrUsedForSomethingElse(t *testing.T) {
	b := newBench(t, private)
	a, err := b.create("ann", "a.txt", "text/plain", len(note))
	if err != nil {
		t.Fatal(err)
	}
	other, err := b.create("ann", "b.txt", "text/plain", len(note))
	if err != nil {
		t.Fatal(err)
	}
	foreign := newBench(t, func(o *attach.Options) { o.Secret = bytes.Repeat([]byte("x"), 32) })
	fake, err := foreign.create("ann", "a.txt", "text/plain", len(note))
	if err != nil {
		t.Fatal(err)
	}
	token := func(a chatkit.Attachment) string {
		u, err := url.Parse(a.Meta().UploadDescriptor.URL)
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("token")
	}
	good := token(a)
	body, sum, _ := strings.Cut(good, ".")
	read, err := b.Link(t.Context(), "ann", a)
	if err != nil {
		t.Fatal(err)
	}
	_, readToken, _ := strings.Cut(read, "token=")
	at := base + "/" + a.Meta().ID + "?token="
	for name, target := range map[string]string{
		"no token":                  base + "/" + a.Meta().ID,
		"rubbish":                   at + "rubbish",
		"no signature":              at + body + ".",
		"another signature":         at + body + "." + strings.Repeat("A", len(sum)),
		"a longer signature":        at + good + "A",
		"another body":              at + body[:len(body)-4] + "AAAA." + sum,
		"another server's":          base + "/" + fake.Meta().ID + "?token=" + token(fake),
		"of another file":           at + token(other),
		"for reading":               at + readToken,
		"huge":                      at + strings.Repeat("A", 100_000) + "." + sum,
		"with the id of a folder":   base + "/..?token=" + good,
		"with an id that leads out": base + "/..%2f..%2fetc%2fpasswd?token=" + good,
	} {
		w := b.do("PUT", target, "text/plain", bytes.NewReader(note))
		if w.Code != 403 && w.Code != 405 {
			t.Errorf("PUT with a token that is %s = %d %s, want it refused", name, w.Code, w.Body)
		}
	}
	wantStatus(t, "GET with a token for an upload", b.do("GET", at+good, "", nil), 403)
	if got := b.files(); len(got) != 0 {
		t.Errorf("files = %v, want none", got)
	}

	b.now = b.now.Add(16 * time.Minute)
	wantStatus(t, "PUT with an expired token", b.do("PUT", at+good, "text/plain", bytes.NewReader(note)), 403)
	b.now = b.now.Add(-16 * time.Minute)
	if err := b.store.DeleteAttachment(t.Context(), "ann", a.Meta().ID); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, "PUT after the attachment was removed", b.do("PUT", at+good, "text/plain", bytes.NewReader(note)), 404)
	wantStatus(t, "PUT with a good token", b.put(other, note), 200)
	if _, err := b.verify("bob", other.Meta().ID); err == nil {
		t.Error("bob can send ann's file")
	}
}

// endless is a body that nobody could keep, and counts how much of it was read.
type endless struct{ left, read int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= int64(n)
	e.read += int64(n)
	return n, nil
}

func TestAHugeBodyCostsNeitherMemoryNorDisk(t *testing.T) {
	const huge, limit = 200 << 20, 10 << 20
	for _, direct := range []bool{true, false} {
		for _, announced := range []bool{true, false} {
			t.Run(fmt.Sprintf("direct %t, announced %t", direct, announced), func(t *testing.T) {
				b := newBench(t)
				target, method := base, "POST"
				body := &endless{left: huge}
				var in io.Reader = body
				kind := "text/plain"
				if direct {
					var head io.Reader
					kind, head = form("file", "a.txt", "text/plain", nil)
					text, _ := io.ReadAll(head)
					start, end, _ := strings.Cut(string(text), "\r\n\r\n")
					in = io.MultiReader(strings.NewReader(start+"\r\n\r\n"), body, strings.NewReader(end))
				} else {
					target, method = b.mustCreate("a.txt", "text/plain", limit).Meta().UploadDescriptor.URL, "PUT"
				}
				r := httptest.NewRequestWithContext(t.Context(), method, target, in)
				r.Header.Set("Content-Type", kind)
				r.ContentLength = -1
				if announced {
					r.ContentLength = huge + 1000
				}
				w := httptest.NewRecorder()
				before := allocated()
				b.ServeHTTP(w, r)
				cost := allocated() - before
				wantStatus(t, "upload", w, 413)
				if most := int64(limit + 1<<20); body.read > most {
					t.Errorf("%d bytes were read, want at most %d", body.read, most)
				}
				if announced && body.read > 0 {
					t.Errorf("%d bytes were read of a body that says it is too large, want none", body.read)
				}
				if cost > 2<<20 {
					t.Errorf("%d bytes were allocated, want at most 2 MiB", cost)
				}
				if got := b.files(); len(got) != 0 {
					t.Errorf("files = %v, want none", got)
				}
			})
		}
	}
}

func TestAHugeBodyOverAConnection(t *testing.T) {
	b := newBench(t)
	server := httptest.NewServer(b)
	defer server.Close()
	response, err := server.Client().Post(server.URL+"/files", "multipart/form-data; boundary=x", io.MultiReader(
		strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"), &endless{left: 200 << 20}))
	if err == nil { // else the server has hung up while the client was writing, which is as good
		defer response.Body.Close()
		if response.StatusCode != 413 {
			t.Errorf("upload = %s, want 413", response.Status)
		}
	}
	server.Close() // waits for the handler
	if got := b.files(); len(got) != 0 {
		t.Errorf("files = %v, want none", got)
	}
}

func TestAnUploadThatIsCutOffLeavesNothing(t *testing.T) {
	b := newBench(t)
	kind, in := form("file", "a.txt", "text/plain", bytes.Repeat([]byte("x"), 5000))
	wantStatus(t, "upload", b.do("POST", base, kind, io.LimitReader(in, 3000)), 400)
	kind, in = form("other", "a.txt", "text/plain", note)
	wantStatus(t, "a form without the field", b.do("POST", base, kind, in), 400)
	wantStatus(t, "no form", b.do("POST", base, "application/json", strings.NewReader("{}")), 415)
	wantStatus(t, "another method", b.do("DELETE", base, "", nil), 405)
	if got := b.files(); len(got) != 0 {
		t.Errorf("files = %v, want none", got)
	}
}

func TestWhatWasNeverSentIsSweptAway(t *testing.T) {
	b := newBench(t)
	announced := b.mustCreate("a.txt", "text/plain", len(note))
	uploaded := b.mustCreate("b.txt", "text/plain", len(note))
	sent := b.mustCreate("c.txt", "text/plain", len(note))
	removed := b.mustCreate("d.txt", "text/plain", len(note))
	for _, a := range []chatkit.Attachment{uploaded, sent, removed} {
		wantStatus(t, "upload", b.put(a, note), 200)
	}
	if _, err := b.verify("", sent.Meta().ID); err != nil {
		t.Fatal(err)
	}
	if err := b.store.DeleteAttachment(t.Context(), "", removed.Meta().ID); err != nil {
		t.Fatal(err)
	}
	sweep := func(want, files int) {
		t.Helper()
		n, err := b.Sweep(t.Context(), 24*time.Hour)
		if err != nil || n != want {
			t.Errorf("Sweep = %d, %v, want %d", n, err, want)
		}
		if got := b.files(); len(got) != files {
			t.Errorf("files = %v, want %d", got, files)
		}
	}
	b.now = b.now.Add(23 * time.Hour)
	sweep(0, 3)
	b.now = b.now.Add(2 * time.Hour)
	young := b.mustCreate("e.txt", "text/plain", len(note))
	sweep(2, 1)
	for _, a := range []chatkit.Attachment{announced, uploaded} {
		if _, err := b.store.Attachment(t.Context(), "", a.Meta().ID); err == nil {
			t.Errorf("the record of %s is left", a.Meta().Name)
		}
	}
	wantStatus(t, "upload of a young one", b.put(young, note), 200)
	if _, err := b.Bytes(t.Context(), "", sent); err != nil {
		t.Errorf("the file that was sent: %v", err)
	}
	b.now = b.now.Add(25 * time.Hour)
	sweep(1, 1)
	sweep(0, 1)
}

func TestTooManyPendingUploadsAreRefused(t *testing.T) {
	b := newBench(t, func(o *attach.Options) { o.MaxPending = 3 })
	var all []chatkit.Attachment
	for range 3 {
		all = append(all, b.mustCreate("a.txt", "text/plain", len(note)))
	}
	if _, err := b.create("", "a.txt", "text/plain", len(note)); err == nil {
		t.Error("a fourth upload was announced, want it refused")
	}
	kind, in := form("file", "a.txt", "text/plain", note)
	wantStatus(t, "a fourth direct upload", b.do("POST", base, kind, in), 400)
	if _, err := b.create("bob", "a.txt", "text/plain", len(note)); err != nil {
		t.Errorf("somebody else's first upload: %v", err)
	}
	wantStatus(t, "upload", b.put(all[0], note), 200)
	if _, err := b.verify("", all[0].Meta().ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.create("", "a.txt", "text/plain", len(note)); err != nil {
		t.Errorf("an upload after one was sent: %v", err)
	}
}

func TestPendingUploadsThatBeginTogetherStayBelowTheLimit(t *testing.T) {
	b := newBench(t, func(o *attach.Options) { o.MaxPending = 3 })
	var begun atomic.Int64
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if _, err := b.create("", "a.txt", "text/plain", len(note)); err == nil {
				begun.Add(1)
			}
		})
	}
	all.Wait()
	if n := begun.Load(); n > 3 {
		t.Errorf("%d uploads were announced, want 3 at most", n)
	}
	for begun.Load() < 3 { // those that were refused leave no mark
		if _, err := b.create("", "a.txt", "text/plain", len(note)); err != nil {
			t.Fatalf("upload %d: %v", begun.Load()+1, err)
		}
		begun.Add(1)
	}
}

func TestPreviewsAsDataForDevelopment(t *testing.T) {
	b := newBench(t, func(o *attach.Options) { o.DataPreview = 2000 })
	a := b.mustCreate("a.png", "image/png", len(png))
	shown, err := b.PresentAttachment(t.Context(), "", chatkit.CloneAttachment(a))
	if err != nil || !strings.HasPrefix(shown.(*chatkit.ImageAttachment).PreviewURL, base) {
		t.Errorf("preview before the upload = %+v, %v, want a link", shown, err)
	}
	wantStatus(t, "upload", b.put(a, png), 200)
	ready, err := b.verify("", a.Meta().ID)
	if err != nil {
		t.Fatal(err)
	}
	shown, err = b.PresentAttachment(t.Context(), "", chatkit.CloneAttachment(ready))
	if err != nil || !strings.HasPrefix(shown.(*chatkit.ImageAttachment).PreviewURL, "data:image/png;base64,") {
		t.Errorf("preview = %+v, %v, want a data: URL", shown, err)
	}
	other := &chatkit.ImageAttachment{AttachmentMeta: chatkit.AttachmentMeta{ID: "x"}, PreviewURL: "https://elsewhere/x"}
	shown, err = b.PresentAttachment(t.Context(), "", other)
	if err != nil || shown.(*chatkit.ImageAttachment).PreviewURL != "https://elsewhere/x" {
		t.Errorf("an image from elsewhere = %+v, %v, want it as it was", shown, err)
	}
}

func TestTextIsTextOnly(t *testing.T) {
	b := newBench(t)
	a := b.mustCreate("a.txt", "text/plain", len(note))
	wantStatus(t, "upload", b.put(a, note), 200)
	if text, ok, err := b.Text(t.Context(), "", a); text != string(note) || !ok || err != nil {
		t.Errorf("Text = %q, %t, %v, want the note", text, ok, err)
	}
	image := b.mustCreate("a.png", "image/png", len(png))
	wantStatus(t, "upload", b.put(image, png), 200)
	if text, ok, err := b.Text(t.Context(), "", image); text != "" || ok || err != nil {
		t.Errorf("Text of an image = %q, %t, %v, want none", text, ok, err)
	}
}

func TestNewChecksItsOptions(t *testing.T) {
	folder, err := attach.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for name, opts := range map[string]*attach.Options{
		"no options": nil, "no URL": {Secret: secret}, "no secret": {URL: base}, "a short secret": {URL: base, Secret: secret[:31]},
		"a relative URL": {URL: "/files", Secret: secret}, "another scheme": {URL: "javascript://x", Secret: secret},
		"a query": {URL: base + "?a=b", Secret: secret},
	} {
		if _, err := attach.New(folder, memstore.New(), opts); err == nil {
			t.Errorf("New with %s succeeded", name)
		}
	}
}

func TestTheWholeWayThroughAServer(t *testing.T) {
	b := newBench(t)
	srv := chatkit.NewServer(b.store, func(ctx context.Context, turn *chatkit.Turn) error {
		text, _, err := b.Text(ctx, turn.Owner(), turn.Input.Attachments[0])
		if err != nil {
			return err
		}
		return turn.Text("It says: " + text)
	}, &chatkit.Options{Attachments: b, Logger: slog.New(slog.DiscardHandler)})
	ask := func(body string) (string, error) {
		res, err := srv.Process(t.Context(), &chatkit.Request{Body: []byte(body)})
		if err != nil {
			return "", err
		}
		defer res.Close()
		if !res.Streaming() {
			return string(res.JSON()), nil
		}
		var out []byte
		for err == nil {
			out, err = res.Next(t.Context(), out)
		}
		return string(out), nil
	}
	answer, err := ask(fmt.Sprintf(`{"type":"attachments.create","params":{"name":"a.txt","size":%d,"mime_type":"text/plain"}}`, len(note)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := chatkit.UnmarshalAttachment([]byte(answer))
	if err != nil {
		t.Fatal(err)
	}
	send := `{"type":"threads.create","params":{"input":{"content":[],"attachments":["` + a.Meta().ID + `"],"inference_options":{}}}}`
	if _, err := ask(send); err == nil {
		t.Error("a message with a file that was not uploaded was taken")
	} else if code, _ := chatkit.HTTPStatus(err); code != 400 {
		t.Errorf("a message with a file that was not uploaded: %v, want 400", err)
	}
	wantStatus(t, "upload", b.put(a, note), 200)
	events, err := ask(send)
	if err != nil || !strings.Contains(events, "It says: just a note") || strings.Contains(events, "upload_descriptor") {
		t.Errorf("events = %s, %v, want the text and no upload", events, err)
	}
}

func TestAFolderKeepsToItself(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	folder, err := attach.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for link, to := range map[string]string{"link": filepath.Join(outside, "secret"), "dir": outside, "inside": "good"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := folder.Put(t.Context(), "good", strings.NewReader("good"), attach.BlobMeta{Size: 4}); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"../" + filepath.Base(outside) + "/secret", "..", ".", "", "/etc/passwd", "a/../../b", "a//b", "a/", `a\b`, "C:x", "a\x00b",
		"link", "dir/secret", "dir/new", "inside", "incoming/x", "incoming",
	} {
		if r, _, err := folder.Open(t.Context(), key); err == nil {
			_ = r.Close()
			t.Errorf("Open(%q) succeeded", key)
		}
		if _, err := folder.Stat(t.Context(), key); err == nil {
			t.Errorf("Stat(%q) succeeded", key)
		}
		if err := folder.Put(t.Context(), key, strings.NewReader("x"), attach.BlobMeta{Size: 1}); err == nil {
			t.Errorf("Put(%q) succeeded", key)
		}
		if key != "link" && key != "inside" { // the links themselves may go
			_ = folder.Delete(t.Context(), key)
		}
	}
	if got, err := os.ReadFile(filepath.Join(outside, "secret")); err != nil || string(got) != "secret" {
		t.Errorf("the file outside = %q, %v, want it untouched", got, err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("outside there are %v, %v, want one file", entries, err)
	}
	if err := folder.Put(t.Context(), "good", strings.NewReader("other"), attach.BlobMeta{Size: 5}); err == nil {
		t.Error("a second Put replaced the first")
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "incoming")); err != nil || len(entries) != 0 {
		t.Errorf("incomplete files = %v, %v, want none", entries, err)
	}
}

func TestAFolderDropsWhatACrashLeftBehind(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "incoming"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		path := filepath.Join(dir, "incoming", name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := attach.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	entries, err := os.ReadDir(filepath.Join(dir, "incoming"))
	if err != nil || len(entries) != 1 || entries[0].Name() != "young" {
		t.Errorf("left are %v, %v, want the young one", entries, err)
	}
}

// allocated is how many bytes this program has asked for so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
