package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/terminal"
	chatkit "github.com/gochatkit/chatkit/core"
)

// maxFile limits a file that is uploaded, in bytes.
const maxFile = 1 << 30

// attach uploads the files that go with the first message, unless the user interrupts that.
func (s *Session) attach(ctx context.Context) (ids []string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	guard := s.guard(ctx, cancel)
	defer guard.end()
	for _, file := range s.cfg.Attach {
		id, err := s.upload(ctx, file)
		if err != nil {
			return nil, guard.reason(fmt.Errorf("attach %s: %w", file, err))
		}
		ids = append(ids, id)
	}
	return ids, guard.reason(nil)
}

// upload sends a file and returns the id of its attachment.
func (s *Session) upload(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return "", fmt.Errorf("it is no file of at most %d MiB", maxFile>>20)
	}
	kind, err := kindOf(f)
	if err != nil {
		return "", err
	}
	name := filepath.Base(path)
	if s.cfg.UploadURL != "" {
		return s.uploadAtOnce(ctx, f, name, kind)
	}
	a, err := s.api.CreateAttachment(ctx, name, kind, info.Size())
	if err != nil {
		return "", err
	}
	d := a.Meta().UploadDescriptor
	if d == nil || d.URL == "" {
		return "", errors.New("the server does not say where to put it")
	}
	where, err := s.destination(d.URL)
	if err != nil {
		return "", err
	}
	var answer []byte
	if d.Method == http.MethodPut {
		answer, err = s.put(ctx, where, d.Headers, f, info.Size(), kind)
	} else {
		answer, err = s.form(ctx, where, d.Headers, f, name, kind)
	}
	_ = answer // whatever it is, it need not be JSON
	if err != nil {
		return "", err
	}
	s.show.aside("attached %s (%s, %d bytes)", name, kind, info.Size())
	return a.Meta().ID, nil
}

// destination reads where the server says to put a file, and tells if that is somewhere else.
func (s *Session) destination(address string) (*url.URL, error) {
	home := s.cfg.Target.URL
	where, err := home.Parse(address)
	if err != nil || where.Scheme != "http" && where.Scheme != "https" || where.Host == "" {
		return nil, fmt.Errorf("the server says to put it at %q", terminal.Line(address))
	}
	if home.Scheme == "https" && where.Scheme == "http" {
		return nil, fmt.Errorf("the server says to put it at http://%s, where everybody on the way can read it", where.Host)
	}
	if where.Scheme != home.Scheme || where.Host != home.Host {
		s.show.aside("the file goes to %s://%s", where.Scheme, where.Host)
	}
	return where, nil
}

func (s *Session) uploadAtOnce(ctx context.Context, f *os.File, name, kind string) (string, error) {
	where, err := s.cfg.Target.URL.Parse(s.cfg.UploadURL)
	if err != nil {
		return "", err
	}
	answer, err := s.form(ctx, where, nil, f, name, kind)
	if err != nil {
		return "", err
	}
	a, err := chatkit.UnmarshalAttachment(answer)
	if err != nil || a.Meta().ID == "" {
		return "", errors.New("the server did not answer with an attachment")
	}
	s.show.aside("attached %s (%s)", name, kind)
	return a.Meta().ID, nil
}

// kindOf is the media type of a file: by its name, else by how it begins.
func kindOf(f *os.File) (string, error) {
	if kind := mime.TypeByExtension(strings.ToLower(filepath.Ext(f.Name()))); kind != "" {
		kind, _, _ = strings.Cut(kind, ";")
		return kind, nil
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	_, err = f.Seek(0, io.SeekStart)
	kind, _, _ := strings.Cut(http.DetectContentType(head[:n]), ";")
	return kind, err
}

func (s *Session) put(ctx context.Context, where *url.URL, headers map[string]string, f io.Reader, size int64, kind string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, where.String(), io.LimitReader(f, size))
	if err != nil {
		return nil, err
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", kind)
	return s.do(req, headers)
}

// form posts a file as the one field that the protocol knows.
func (s *Session) form(ctx context.Context, where *url.URL, headers map[string]string, f io.Reader, name, kind string) ([]byte, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	written := make(chan struct{})
	go func() {
		defer close(written)
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": "file", "filename": name})},
			"Content-Type":        {kind},
		})
		if err == nil {
			_, err = io.Copy(part, io.LimitReader(f, maxFile))
		}
		if err == nil {
			err = form.Close()
		}
		w.CloseWithError(err)
	}()
	defer func() {
		_ = r.Close() // which ends the writer
		<-written
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, where.String(), r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return s.do(req, headers)
}

// do sends an upload. The user's own headers go along only to the origin that they are meant for: a bucket is
// somebody else's, and refuses a login that it does not know.
func (s *Session) do(req *http.Request, headers map[string]string) ([]byte, error) {
	for name, values := range s.cfg.Target.Beside(req.URL).Header {
		req.Header[name] = values
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := s.cfg.Target.HTTP().Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	const enough = 1 << 20
	body, err := io.ReadAll(io.LimitReader(res.Body, enough))
	if err != nil {
		return nil, err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, fmt.Errorf("the upload was answered with status %d: %s", res.StatusCode, cut(string(body), 200))
	}
	return body, nil
}
