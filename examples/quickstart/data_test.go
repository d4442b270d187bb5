package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/attach"
)

func TestMemoryLeavesNothingBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	for _, db := range []string{"", ":memory:"} {
		d, err := openData(db, "http://127.0.0.1/files")
		if err != nil {
			t.Fatal(err)
		}
		if d.engine != nil || d.name != "memory" {
			t.Errorf("-db %q keeps data in %s", db, d.name)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, dir := range []string{".", os.Getenv("TMPDIR")} {
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// It may never run for as long as it takes between two looks.
func TestUploadsOfYesterdayAreClearedUpAtTheStart(t *testing.T) {
	db := filepath.Join(t.TempDir(), "test.db")
	d, err := openData(db, "http://127.0.0.1/files")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := attach.NewFolder(db + "-files")
	if err != nil {
		t.Fatal(err)
	}
	before, err := attach.New(folder, d.store, &attach.Options{
		URL: "http://127.0.0.1/files", Secret: make([]byte, 32), Now: func() time.Time { return time.Now().Add(-25 * time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file, err := w.CreateFormFile("file", "note.txt")
	if err == nil {
		_, err = io.WriteString(file, "never sent")
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/files", &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	answer := httptest.NewRecorder()
	before.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Fatalf("upload = %d %s", answer.Code, answer.Body)
	}
	if err := errors.Join(folder.Close(), d.Close()); err != nil {
		t.Fatal(err)
	}

	left := func() (names []string) {
		err := filepath.WalkDir(db+"-files", func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				names = append(names, path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return names
	}
	if n := len(left()); n != 2 {
		t.Fatalf("%d files, want the upload and its mark", n)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, "127.0.0.1:0", db, 0) }()
	for deadline := time.Now().Add(20 * time.Second); len(left()) > 0 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if names := left(); len(names) > 0 {
		t.Errorf("left: %v, want nothing", names)
	}
}

func TestADatabaseIsOfOneProgramAtATime(t *testing.T) {
	db := filepath.Join(t.TempDir(), "test.db")
	first, err := openData(db, "http://127.0.0.1/files")
	if err != nil {
		t.Fatal(err)
	}
	second, err := openData(db, "http://127.0.0.1/files")
	if err == nil {
		t.Error("a second program has opened it", second.Close())
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	third, err := openData(db, "http://127.0.0.1/files")
	if err != nil {
		t.Fatalf("after the first has closed it: %v", err)
	}
	if err := third.Close(); err != nil {
		t.Error(err)
	}
}
