package guides_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// elsewhere are documents whose snippets cannot be parts of this module.
var elsewhere = map[string]string{
	"adapters.md": "it shows routers that this module does not require",
}

// TestEverySnippetIsCompiled finds each block of Go, and of Python, of each guide in a source file, line by
// line. A line with an ellipsis only, as a comment or bare, leaves something out; what follows it must come
// later in the same file. Blocks that are whole programs are compiled by internal/structure.
func TestEverySnippetIsCompiled(t *testing.T) {
	sources := map[string][][]string{"go": sources(t, ".go"), "python": sources(t, ".py")}
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, document := range documents {
		if elsewhere[filepath.Base(document)] != "" {
			continue
		}
		for _, b := range blocks(t, document) {
			if strings.HasPrefix(strings.TrimSpace(b.code), "package ") || sources[b.language] == nil {
				continue
			}
			found++
			if !slices.ContainsFunc(sources[b.language], func(source []string) bool { return shows(source, b.code) }) {
				t.Errorf("%s:%d: this snippet is in no file below examples/guides:\n%s", filepath.Base(document), b.line, b.code)
			}
		}
	}
	if found < 50 {
		t.Errorf("snippets found = %d, want the guides to have more: is the search broken?", found)
	}
}

func TestAChangedSnippetIsFound(t *testing.T) {
	source := lines("func f() {\n\ta()\n\n\tb()\n\tc()\n}\n")
	for code, want := range map[string]bool{
		"a()\nb()":               true,
		"func f() {\n\t\ta()":    true,
		"a()\n// …\nc()":         true,
		"a()\n…\n}":              true,
		"a()\nc()":               false,
		"b()\n// …\na()":         false,
		"a() // with a comment":  false,
		"func f() {\n\t// …\n}":  true,
		"b() //nolint:x // y":    true,
		"func f() {\n\t// …\nd}": false,
		"":                       false,
	} {
		if got := shows(source, code); got != want {
			t.Errorf("shows(%q) = %v, want %v", code, got, want)
		}
	}
}

// sources returns the lines of every file below this folder that ends so, but of this one.
func sources(t *testing.T, ext string) (all [][]string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ext || path == "guides_test.go" {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(all, lines(string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// lines returns the lines of a text without indentation, without notes for linters, and without empty ones.
func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//nolint:")
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// shows reports whether code is a part of source.
func shows(source []string, code string) bool {
	parts := [][]string{nil}
	for _, line := range lines(code) {
		if line == "…" || line == "// …" {
			parts = append(parts, nil)
			continue
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], line)
	}
	if len(parts[0]) == 0 {
		return false
	}
	for _, part := range parts {
		at := index(source, part)
		if at < 0 {
			return false
		}
		source = source[at+len(part):]
	}
	return true
}

// index returns where part begins in source, -1 if it is not there.
func index(source, part []string) int {
	for i := 0; i+len(part) <= len(source); i++ {
		if slices.Equal(source[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// block is a fenced block of a document.
type block struct {
	line     int // of its first line
	language string
	code     string
}

func blocks(t *testing.T, document string) (all []block) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	open := false
	for i, line := range strings.Split(string(text), "\n") {
		language, fence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence && !open:
			all = append(all, block{line: i + 2, language: language})
			open = true
		case fence:
			open = false
		case open:
			all[len(all)-1].code += line + "\n"
		}
	}
	if open {
		t.Errorf("%s: a fenced block has no end", document)
	}
	return all
}
