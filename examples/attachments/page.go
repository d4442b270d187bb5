package main

import (
	"embed"
	"net/http"
	"strings"

	"github.com/gochatkit/chatkit/examples/quickstart/page"
)

//go:embed page
var files embed.FS

// policy is that of the quickstart's page, and pictures of files that have not been sent yet.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// pages serves this example's page, and beside it the quickstart's modules that it uses. Links to files
// begin with origin, so that is where the page has to be.
func pages(origin string) http.Handler {
	modules := page.Handler(page.About{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "http://"+r.Host != origin {
			http.Redirect(w, r, origin+"/", http.StatusFound)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "attachments.html"
		}
		if !strings.HasPrefix(name, "attachments.") {
			modules.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasSuffix(name, ".js") { // some operating systems have strange answers
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		}
		http.ServeFileFS(w, r, files, "page/"+name)
	})
}
