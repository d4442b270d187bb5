package openaichatkit_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What a program weighs, stripped, is limited: the SDK's root package alone would add some 14 MB. The
// limits leave room for a newer Go and for other processors.
func TestAHelloServerStaysSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("links three programs: not with -short")
	}
	for _, program := range []struct {
		name  string
		limit float64 // MB
	}{{"nothing", 7.5}, {"core", 9.5}, {"openai", 13}} {
		out := filepath.Join(t.TempDir(), program.name)
		if text, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", out, "./testdata/hello/"+program.name).CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, text)
		}
		file, err := os.Stat(out)
		if err != nil {
			t.Fatal(err)
		}
		size := float64(file.Size()) / 1e6
		t.Logf("hello with %s: %.2f MB, stripped", program.name, size)
		if size > program.limit {
			t.Errorf("hello with %s has %.2f MB, want %.1f at most", program.name, size, program.limit)
		}
	}
}
