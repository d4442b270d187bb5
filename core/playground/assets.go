package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // for the archive
	"encoding/hex"
	"html/template"
	"io"
	"iter"
	"path"
	"strings"
	"sync"
)

// archive holds the files of the folder web, one after the other, each compressed once, when it is made, and sent as
// it is. A file begins with its name.
//
//go:embed page.gz
var archive []byte

// An asset is a file as it is sent.
type asset struct {
	contentType string
	body        []byte
	gzipped     []byte
	etag        string
}

// The assets of the page are the same for every handler of a program.
type assets struct {
	files  map[string]*asset             // by name
	pages  map[string]*template.Template // by name, without .html
	folder string                        // the path segment of the files; it changes with any of them
}

var loadAssets = sync.OnceValue(func() *assets {
	a := &assets{files: map[string]*asset{}, pages: map[string]*template.Template{}}
	all := sha256.New()
	for name, file := range unpack(archive) {
		all.Write([]byte(name))
		all.Write(file.body)
		if page, ok := strings.CutSuffix(name, ".html"); ok {
			a.pages[page] = template.Must(template.New(page).Parse(string(file.body)))
			continue
		}
		a.files[name] = file
	}
	a.folder = hex.EncodeToString(all.Sum(nil)[:8])
	return a
})

// unpack walks the files of an archive.
func unpack(archive []byte) iter.Seq2[string, *asset] {
	return func(yield func(string, *asset) bool) {
		for left := bytes.NewReader(archive); left.Len() > 0; {
			begin := len(archive) - left.Len()
			r, err := gzip.NewReader(left)
			if err != nil {
				panic("playground: " + err.Error()) // an archive that no test has seen
			}
			r.Multistream(false) // it takes no byte of the next file then
			body, err := io.ReadAll(r)
			if err != nil {
				panic("playground: " + err.Error())
			}
			file := &asset{contentType: contentType(r.Name), body: body, gzipped: archive[begin : len(archive)-left.Len()], etag: etagOf(body)}
			if !yield(r.Name, file) {
				return
			}
		}
	}
}

// newPage prepares a document that was made just now.
func newPage(body []byte) *asset {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return &asset{contentType: contentType(".html"), body: body, gzipped: b.Bytes(), etag: etagOf(body)}
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// contentType does not ask the operating system: some have strange answers about scripts, and a browser does
// not run a module that is called plain text.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "text/html; charset=utf-8"
}
