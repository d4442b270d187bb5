// Package page is a chat page for a ChatKit server: a few files of HTML, CSS and JavaScript without a
// build step and without a library. It talks to POST /chatkit on the origin it was loaded from, and loads the
// server's script from GET /chatkit?resume.js.
package page

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed *.html *.css *.js *.svg
var files embed.FS

var index = template.Must(template.ParseFS(files, "index.html"))

// policy allows what the page consists of and nothing else. Images come from answers, so they may be
// anywhere; scripts and styles may not.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// About is what the page says about the server behind it. The zero value works.
type About struct {
	Label       string       // who answers, in a few words. Defaults to "Go server".
	Intro       string       // the sentence above an empty conversation. Defaults to an invitation.
	Suggestions []Suggestion // messages to start with, one click each. May be empty.
}

// A Suggestion is a message that one click sends.
type Suggestion struct {
	Icon  string // one of the protocol's icon names
	Title string
	Text  string // what is sent
}

// Handler serves the page on / and its files beside it. It panics if a template is broken, which a build
// that passed its tests cannot have.
func Handler(about About) http.Handler {
	if about.Label == "" {
		about.Label = "Go server"
	}
	if about.Intro == "" {
		about.Intro = "Write a message to begin."
	}
	var html bytes.Buffer
	if err := index.Execute(&html, about); err != nil {
		panic(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, body := "index.html", html.Bytes()
		if r.URL.Path != "/" {
			var err error
			name = strings.TrimPrefix(r.URL.Path, "/")
			body, err = fs.ReadFile(files, name)
			if err != nil || name == "index.html" { // the file is a template
				http.NotFound(w, r)
				return
			}
		}
		h := w.Header()
		h.Set("Content-Type", contentType(name))
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		// Said aloud for routers that begin with another status where no route fits, as Gin does.
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body) // an error means that the browser has left
	})
}

// contentType does not ask the operating system about scripts: some have strange answers, and a browser
// does not run a module that is called plain text.
func contentType(name string) string {
	if path.Ext(name) == ".js" {
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}
