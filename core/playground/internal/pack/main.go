// Pack puts the files of the page into one archive, which is what a program embeds. Run it by go generate.
package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pack FOLDER ARCHIVE")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// kinds are the files that a browser gets.
var kinds = []string{".html", ".css", ".js", ".svg"}

// pack writes the archive: the files, compressed, one after the other. The same files give the same bytes: it holds no
// times and no rights.
func pack(folder, archive string) (err error) {
	entries, err := os.ReadDir(folder) // in the order of their names
	if err != nil {
		return err
	}
	f, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	for _, entry := range entries {
		if !slices.Contains(kinds, filepath.Ext(entry.Name())) {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		if err := compress(f, entry.Name(), body); err != nil {
			return err
		}
	}
	return nil
}

func compress(w io.Writer, name string, body []byte) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	z.Name = name
	if _, err := z.Write(body); err != nil {
		return err
	}
	return z.Close()
}
