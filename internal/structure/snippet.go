package structure

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// snippet is one fenced block of Go in a Markdown document.
type snippet struct {
	file string
	line int // of the first line of code
	code string
}

// whole reports whether the block is a file of its own and not a fragment.
func (s snippet) whole() bool {
	for line := range strings.Lines(s.code) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		return strings.HasPrefix(line, "package ")
	}
	return false
}

// parse reports whether the block is Go at all. A fragment may be a list of declarations, the inside of
// a function or the fields of a literal, and "…" may stand where an expression or a statement is left out.
func (s snippet) parse() error {
	code := strings.ReplaceAll(s.code, "…", "_")
	forms := []string{
		"package p\n" + code,
		"package p\nfunc _() {\n" + code + "\n}",
		"package p\nvar _ = T{\n" + code + "\n}",
	}
	if s.whole() {
		forms = []string{code}
	}
	var first error
	for _, form := range forms {
		_, err := parser.ParseFile(token.NewFileSet(), "", form, parser.SkipObjectResolution)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// snippets returns the Go blocks of every Markdown document, in order.
func (t *Tree) snippets() ([]snippet, error) {
	var all []snippet
	for _, f := range t.Named("*.md") {
		if strings.Contains("/"+f, "/testdata/") {
			continue
		}
		content, err := t.Read(f)
		if err != nil {
			return nil, err
		}
		var open *snippet
		fence := ""
		for i, line := range strings.Split(string(content), "\n") {
			trimmed := strings.TrimSpace(line)
			switch {
			case fence == "" && strings.HasPrefix(trimmed, "```"):
				fence = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
				if language, _, _ := strings.Cut(strings.TrimLeft(trimmed, "`"), " "); language == "go" {
					open = &snippet{file: f, line: i + 2}
				}
			case fence != "" && trimmed == fence:
				if open != nil {
					all = append(all, *open)
				}
				open, fence = nil, ""
			case open != nil:
				open.code += line + "\n"
			}
		}
		if fence != "" {
			return nil, fmt.Errorf("%s: a fenced block has no end", f)
		}
	}
	return all, nil
}

// build compiles a whole block, without linking it, inside the workspace of the tree: as a package of the
// module that holds the document, or of the module home for documents outside any module. Nothing is written
// to the tree: the compiler is shown the block through an overlay whose files lie in scratch.
func (t *Tree) build(s snippet, home, scratch string) error {
	all, err := t.modules()
	if err != nil {
		return err
	}
	dir, depth := home, 0
	for _, m := range all {
		// Modules may nest; the deepest one that holds the document is its own.
		if within(s.file, m.Dir) && len(m.Dir) > depth {
			dir, depth = m.Dir, len(m.Dir)
		}
	}
	pkg := path.Join(dir, "internal", fmt.Sprintf("snippet%d", s.line))
	source := filepath.Join(scratch, "main.go")
	if err := os.WriteFile(source, []byte(s.code), 0o600); err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(t.Root, filepath.FromSlash(pkg), "main.go"): source,
	}})
	if err != nil {
		return err
	}
	overlayFile := filepath.Join(scratch, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return err
	}
	cmd := exec.Command("go", "list", "-export", "-overlay", overlayFile, "./"+pkg)
	cmd.Dir = t.Root
	// The workspace decides which modules are meant, whatever the test itself runs in.
	cmd.Env = append(os.Environ(), "GOWORK="+filepath.Join(t.Root, "go.work"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
