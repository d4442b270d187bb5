package attach

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
)

// ServeHTTP takes uploads and gives out files. What it does depends on the method and on whether there is
// a token; the id is the last part of the path, so it can be mounted anywhere:
//
//	POST …            a direct upload: a form with the field "file"; answers the attachment
//	PUT  …/{id}?token the second phase of an upload in two: the bytes
//	POST …/{id}?token the same, a form with the field "file"
//	GET  …/{id}?token the file
//
// Only the direct upload needs Options.Owner. If its login is a cookie, keep other sites out with
// [http.CrossOriginProtection]. Pages of another origin need package cors.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, id := lastSlash(r.URL.EscapedPath())
	id, err := url.PathUnescape(id)
	text := r.URL.Query().Get("token")
	switch {
	case err != nil:
		f.fail(w, r, errToken)
	case text == "" && r.Method == http.MethodPost:
		f.direct(w, r)
	case text == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		f.fail(w, r, errToken)
	case text != "" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		f.serve(w, r, text, id)
	case text != "" && (r.Method == http.MethodPut || r.Method == http.MethodPost):
		f.second(w, r, text, id)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST, PUT")
		f.fail(w, r, status(http.StatusMethodNotAllowed, "method not allowed"))
	}
}

func lastSlash(path string) (before, after string) {
	i := strings.LastIndexByte(path, '/')
	return path[:i+1], path[i+1:]
}

// A statusError is an answer with a text for the user, or, where the request itself is wrong, for whoever wrote it.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

func status(code int, text string) error { return &statusError{code, text} }

// fail answers in the form that the client shows (ChatKit protocol: attachments).
func (f *Files) fail(w http.ResponseWriter, r *http.Request, err error) {
	code, text := chatkit.HTTPStatus(err)
	var known *statusError
	switch {
	case errors.Is(err, errToken):
		code, text = http.StatusForbidden, "This link is not valid, or not any more."
	case errors.As(err, &known):
		code, text = known.status, known.text
	}
	if code >= http.StatusInternalServerError {
		f.opts.Logger.ErrorContext(r.Context(), "attach: request failed", "method", r.Method, "err", err)
	} else {
		f.opts.Logger.InfoContext(r.Context(), "attach: request refused", "method", r.Method, "status", code, "err", err)
	}
	f.reply(w, code, struct {
		Message string `json:"message"`
	}{text})
}

func (f *Files) reply(w http.ResponseWriter, code int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		code, body = http.StatusInternalServerError, []byte(`{"message":"An internal error has occurred."}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(body) // an error means that the client has left
}

// owner computes whose upload it is, as the chatkit.Server does.
func (f *Files) owner(ctx context.Context) (string, error) {
	if f.opts.Owner == nil {
		return "", nil
	}
	owner, err := f.opts.Owner(ctx)
	if err != nil {
		return "", fmt.Errorf("find the owner of an upload: %w", err)
	}
	if owner == "" {
		return "", fmt.Errorf("find the owner of an upload: it is empty: %w", chatkit.ErrUnauthorized)
	}
	return owner, nil
}
