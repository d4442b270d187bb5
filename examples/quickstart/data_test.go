package main

import (
	"os"
	"path/filepath"
	"testing"
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
