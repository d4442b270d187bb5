// Pack puts the files of the page into one archive, which is what a program embeds. Run it by go generate.
package main

import (
	"archive/zip"
	"compress/flate"
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

// pack writes the archive. The same files give the same bytes: it holds no times and no rights.
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
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, entry := range entries {
		if !slices.Contains(kinds, filepath.Ext(entry.Name())) {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: entry.Name(), Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := w.Write(body); err != nil {
			return err
		}
	}
	return z.Close()
}
