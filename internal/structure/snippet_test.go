package structure

import (
	"fmt"
	"strings"
	"testing"
)

// home is the module that programs of documents outside any module are compiled in.
const home = "examples"

func TestProgramsInDocumentsCompile(t *testing.T) {
	tree := loadRepository(t)
	all, err := tree.snippets()
	if err != nil {
		t.Fatal(err)
	}
	inReadme := 0
	for _, s := range all {
		t.Run(fmt.Sprintf("%s:%d", s.file, s.line), func(t *testing.T) {
			if err := s.parse(); err != nil {
				t.Fatal(err)
			}
			if !s.whole() {
				return
			}
			if err := tree.build(s, home, t.TempDir()); err != nil {
				t.Error(err)
			}
		})
		if s.file == "README.md" && s.whole() {
			inReadme++
		}
	}
	if inReadme == 0 {
		t.Error("README.md has no whole program, want at least one")
	}
}

func TestTheFrontPageOfCoreShowsTheProgramOfTheReadme(t *testing.T) {
	tree := loadRepository(t)
	all, err := tree.snippets()
	if err != nil {
		t.Fatal(err)
	}
	page, err := tree.Read("core/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.file != "README.md" || !s.whole() {
			continue
		}
		comment := "//\t" + strings.ReplaceAll(strings.TrimSpace(s.code), "\n", "\n//\t")
		comment = strings.ReplaceAll(comment, "//\t\n", "//\n")
		if !strings.Contains(string(page), comment) {
			t.Errorf("core/doc.go does not show the program of %s:%d", s.file, s.line)
		}
		return
	}
	t.Error("README.md has no whole program")
}

func TestAProgramThatDoesNotCompileIsFound(t *testing.T) {
	tree := write(t, files{"README.md": "```go\npackage main\n\nfunc main() { undefined() }\n```\n"})
	all, err := tree.snippets()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || !all[0].whole() || all[0].line != 2 {
		t.Fatalf("snippets() = %+v, want one program from line 2", all)
	}
	err = tree.build(all[0], "core", t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "undefined: undefined") {
		t.Errorf("build() error = %v, want the compiler's complaint", err)
	}
}

func TestAProgramMayUseTheWorkspace(t *testing.T) {
	tree := write(t, files{
		"adapters/gin/README.md": "```go\npackage main\n\nimport _ \"" + ModulePrefix + "/adapters/gin\"\n\nfunc main() {}\n```\n",
		"README.md":              "",
	})
	all, err := tree.snippets()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if err := tree.build(s, "core", t.TempDir()); err != nil {
			t.Errorf("build(%s) = %v, want success", s.file, err)
		}
	}
	if len(all) != 1 {
		t.Errorf("snippets = %d, want 1", len(all))
	}
}

func TestFragments(t *testing.T) {
	cases := []struct {
		name, code string
		ok         bool
	}{
		{"declarations", "func Do() {}\n", true},
		{"statements", "x := 1\nfor range x {}\n", true},
		{"fields of a literal", "Name: 1,\nOnCancel: func() {},\n", true},
		{"something left out", "return respond(…)\n", true},
		{"prose", "this is no code\n", false},
		{"a broken file", "package main\n\nfunc {\n", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := (snippet{code: c.code}).parse(); (err == nil) != c.ok {
				t.Errorf("parse() = %v, want success %v", err, c.ok)
			}
		})
	}
}

func TestAnOpenFenceIsAnError(t *testing.T) {
	tree := write(t, files{"README.md": "```go\npackage main\n"})
	if _, err := tree.snippets(); err == nil {
		t.Error("snippets() = nil, want an error")
	}
}
