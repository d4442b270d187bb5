package playground

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // for the archive
	"encoding/binary"
	"encoding/hex"
	"html/template"
	"io"
	"path"
	"strings"
	"sync"
)

// archive holds the files of the folder web. They are compressed once, when it is made, and sent as they are.
//
//go:embed page.zip
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
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		panic("playground: " + err.Error()) // an archive that no test has seen
	}
	all := sha256.New()
	for _, f := range z.File {
		body := read(f.Open)
		all.Write([]byte(f.Name))
		all.Write(body)
		if name, ok := strings.CutSuffix(f.Name, ".html"); ok {
			a.pages[name] = template.Must(template.New(name).Parse(string(body)))
			continue
		}
		raw := read(func() (io.ReadCloser, error) { r, err := f.OpenRaw(); return io.NopCloser(r), err })
		a.files[f.Name] = &asset{contentType: contentType(f.Name), body: body, gzipped: frame(raw, f.CRC32, len(body)), etag: etagOf(body)}
	}
	a.folder = hex.EncodeToString(all.Sum(nil)[:8])
	return a
})

// read returns what a part of the archive holds.
func read(open func() (io.ReadCloser, error)) []byte {
	r, err := open()
	if err != nil {
		panic("playground: " + err.Error())
	}
	b, err := io.ReadAll(r)
	if err != nil {
		panic("playground: " + err.Error())
	}
	return b
}

// frame makes a gzip file of the compressed bytes of a zip archive, which differ in what is around them only.
func frame(deflated []byte, sum uint32, size int) []byte {
	b := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}, deflated...)
	b = binary.LittleEndian.AppendUint32(b, sum)
	return binary.LittleEndian.AppendUint32(b, uint32(size))
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
