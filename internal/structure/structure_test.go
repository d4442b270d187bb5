package structure

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the repository, seen from this package's folder, where "go test" runs.
const root = "../.."

func loadRepository(t *testing.T) *Tree {
	t.Helper()
	abs, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Load(abs)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"go.work", "core/go.mod", "README.md", guideList, componentSpec} {
		if !slices.Contains(tree.Files, f) {
			t.Fatalf("%s has no %s: the rules would look at nothing", abs, f)
		}
	}
	return tree
}

func TestRepositoryKeepsItsRules(t *testing.T) {
	tree := loadRepository(t)
	for _, check := range Checks() {
		t.Run(check.Name, func(t *testing.T) {
			found, err := check.Run(tree)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Error(f)
			}
		})
	}
}

// files is a tree to be written: content by slash-separated name.
type files map[string]string

// sound is a small repository that breaks no rule. Every case below starts from it.
var sound = files{
	"go.work":                "go 1.25.0\n\nuse (\n\t./core\n\t./adapters/gin\n)\n",
	"core/go.mod":            "module " + ModulePrefix + "/core\n\ngo 1.25.0\n",
	"core/doc.go":            "// Package chatkit is small.\npackage chatkit\n\nimport _ \"net/http\"\n",
	"core/run/run.go":        "// Package run runs.\npackage run\n\nimport _ \"" + ModulePrefix + "/core\"\n",
	"adapters/gin/go.mod":    requiring("gin", "replace "+ModulePrefix+"/core => ../../core\n"),
	"adapters/gin/gin.go":    "// Package ginchatkit adapts.\npackage ginchatkit\n\nimport _ \"" + ModulePrefix + "/core\"\n",
	"adapters/gin/README.md": "See [core](../../core/doc.go) and [the web](https://example.com/tmp/x).\n",
	"README.md":              "[gin](adapters/gin/README.md)\n\n```go\npackage main\n\nfunc main() {}\n```\n",
}

func requiring(adapter, rest string) string {
	return "module " + ModulePrefix + "/adapters/" + adapter + "\n\ngo 1.25.0\n\nrequire " + ModulePrefix + "/core v0.1.0\n\n" + rest
}

// write lays out the sound tree with changes on top; an empty content leaves a file out.
func write(t *testing.T, changes files) *Tree {
	t.Helper()
	dir := t.TempDir()
	all := files{}
	for _, layer := range []files{sound, changes} {
		for name, content := range layer {
			all[name] = content
		}
	}
	for name, content := range all {
		if content == "" {
			continue
		}
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestASoundTreeBreaksNoRule(t *testing.T) {
	tree := write(t, nil)
	for _, check := range Checks() {
		found, err := check.Run(tree)
		if err != nil {
			t.Errorf("%s: %v", check.Name, err)
		}
		if len(found) != 0 {
			t.Errorf("%s: found %v, want nothing", check.Name, found)
		}
	}
}

func TestEveryRuleCanFail(t *testing.T) {
	core := "package chatkit\n"
	cases := []struct {
		name    string
		check   string
		changes files
		want    string // the one finding
	}{
		{
			"core gets a requirement", "core requires no module",
			files{"core/go.mod": "module " + ModulePrefix + "/core\n\ngo 1.25.0\n\nrequire example.com/x v1.0.0\n"},
			"core/go.mod: core requires example.com/x",
		},
		{
			"core imports a dependency", "core imports only itself and the standard library",
			files{"core/a.go": core + "\nimport _ \"example.com/x\"\n"},
			"core/a.go:3: core imports example.com/x",
		},
		{
			"a test of core imports a dependency", "core imports only itself and the standard library",
			files{"core/a_test.go": core + "\nimport _ \"example.com/x\"\n"},
			"core/a_test.go:3: core imports example.com/x",
		},
		{
			"core imports a sibling", "core imports only itself and the standard library",
			files{"core/a.go": core + "\nimport _ \"" + ModulePrefix + "/corelike\"\n"},
			"core/a.go:3: core imports " + ModulePrefix + "/corelike",
		},
		{
			"core calls C", "core imports only itself and the standard library",
			files{"core/a.go": core + "\nimport \"C\"\n"},
			"core/a.go:3: core imports C",
		},
		{
			"a store imports an adapter", "only adapters, examples, conformance and commands import adapters",
			files{"stores/sqlite/a.go": "package sqlitestore\n\nimport _ \"" + ModulePrefix + "/adapters/gin\"\n"},
			"stores/sqlite/a.go:3: imports the adapter " + ModulePrefix + "/adapters/gin",
		},
		{
			"the replace is missing", "modules of this repository are replaced by relative paths",
			files{"adapters/gin/go.mod": requiring("gin", "")},
			"adapters/gin/go.mod: requires " + ModulePrefix + "/core without a replace",
		},
		{
			"the replace is absolute", "modules of this repository are replaced by relative paths",
			files{"adapters/gin/go.mod": requiring("gin", "replace "+ModulePrefix+"/core => /somewhere/core\n")},
			"adapters/gin/go.mod: replaces " + ModulePrefix + "/core with /somewhere/core, want a relative path",
		},
		{
			"the replace leads to another folder", "modules of this repository are replaced by relative paths",
			files{"adapters/gin/go.mod": requiring("gin", "replace "+ModulePrefix+"/core => ../core\n")},
			"adapters/gin/go.mod: replaces " + ModulePrefix + "/core with ../core, which is not its folder",
		},
		{
			"a foreign module is replaced", "modules of this repository are replaced by relative paths",
			files{"core/go.mod": "module " + ModulePrefix + "/core\n\ngo 1.25.0\n\nreplace example.com/x => ../x\n"},
			"core/go.mod: replaces example.com/x, which its users would not get",
		},
		{
			"a sibling does not exist", "modules of this repository are replaced by relative paths",
			files{"core/go.mod": "module " + ModulePrefix + "/core\n\ngo 1.25.0\n\nrequire " + ModulePrefix + "/gone v0.1.0\n"},
			"core/go.mod: requires " + ModulePrefix + "/gone, which is not in the repository",
		},
		{
			"a module is not named for its folder", "modules of this repository are replaced by relative paths",
			files{"adapters/gin/go.mod": requiring("other", "replace "+ModulePrefix+"/core => ../../core\n")},
			"adapters/gin/go.mod: module path is " + ModulePrefix + "/adapters/other, want " + ModulePrefix + "/adapters/gin",
		},
		{
			"the workspace forgets a module", "the workspace lists every module",
			files{"go.work": "go 1.25.0\n\nuse ./core\n"},
			"go.work: does not use ./adapters/gin",
		},
		{
			"the workspace lists a folder that is gone", "the workspace lists every module",
			files{"adapters/gin/go.mod": ""},
			"go.work: uses ./adapters/gin, which is no module",
		},
		{
			"a list forgets an adapter", "lists of adapters name every adapter",
			files{"adapters/conformance.sh": "suite echo echo\n"},
			"adapters/conformance.sh: does not name the adapter gin",
		},
		{
			"a package has no comment", "every package has a comment",
			files{"core/doc.go": core},
			"core: the package has no comment",
		},
		{
			"a function has no comment", "every exported name has a comment",
			files{"core/a.go": core + "\nfunc Do() {}\n"},
			"core/a.go:3: func Do has no comment",
		},
		{
			"a method has no comment", "every exported name has a comment",
			files{"core/a.go": core + "\n// T is.\ntype T[E any] struct{}\n\nfunc (t *T[E]) Do() {}\n"},
			"core/a.go:6: func T.Do has no comment",
		},
		{
			"a type has no comment", "every exported name has a comment",
			files{"core/a.go": core + "\ntype T int\n"},
			"core/a.go:3: type T has no comment",
		},
		{
			"a constant has no comment", "every exported name has a comment",
			files{"core/a.go": core + "\nconst (\n\tA = 1\n\t// B is.\n\tB = 2\n)\n"},
			"core/a.go:4: const A has no comment",
		},
		{
			"a setting has no comment", "every exported name has a comment",
			files{"core/a.go": core + "\n// Options are.\ntype Options struct {\n\t// A is.\n\tA int\n\tB int // is\n\tC int\n}\n"},
			"core/a.go:8: field Options.C has no comment",
		},
		{
			"a method of an interface has no comment", "every exported name has a comment",
			files{"core/a.go": core + "\n// T is.\ntype T interface {\n\tDo()\n}\n"},
			"core/a.go:5: method T.Do has no comment",
		},
		{
			"a file is too long", "no Go file is longer than the limit",
			files{"core/a.go": core + strings.Repeat("\n", MaxLines)},
			"core/a.go: 501 lines, want at most 500",
		},
		{
			"a text names a folder of a machine", "no text names a machine or a workplace",
			files{"docs/a.md": "first\nsee `/" + "work/main`\n"},
			"docs/a.md:2: names the absolute path /" + "work/m…",
		},
		{
			"a script writes to a fixed place", "no text names a machine or a workplace",
			files{"a.sh": "echo >/" + "tmp/out\n"},
			"a.sh:1: names the absolute path /" + "tmp/o…",
		},
		{
			"a text names somebody's home", "no text names a machine or a workplace",
			files{"docs/a.md": "cd /" + "home/somebody/src\n"},
			"docs/a.md:1: names the absolute path /" + "home/somebody/…",
		},
		{
			"a lock file names its registry", "no text names a machine or a workplace",
			files{"e2e/package-lock.json": "{\"resolved\": \"https://" + privateWords[5] + "/x\"}\n"},
			"e2e/package-lock.json:1: contains " + privateWords[5],
		},
		{
			"a link leads nowhere", "links between documents lead somewhere",
			files{"docs/a.md": "[core](../core/gone.go#L3)\n"},
			"docs/a.md:1: links to core/gone.go, which does not exist",
		},
		{
			"a guide is not in the list", "the list of guides links to every guide",
			files{"docs/README.md": "[a](a.md#top)\n", "docs/a.md": "a\n", "docs/b.md": "b\n"},
			"docs/README.md: does not link to b.md",
		},
		{
			"the page lacks a component", "every component of widgets is drawn by the page and by the terminal",
			drawing("  Card,\n", "\tcase \"Card\", \"Table.Row\":\n"),
			"core/playground/web/widget.js: does not draw the component Table.Row",
		},
		{
			"the terminal lacks a component", "every component of widgets is drawn by the page and by the terminal",
			drawing("  Card,\n  \"Table.Row\": x,\n", "\tcase \"Card\":\n"),
			"cmd/chatkit/internal/chat/widget.go: does not draw the component Table.Row",
		},
	}

	checks := map[string]Check{}
	tried := map[string]bool{}
	for _, check := range Checks() {
		checks[check.Name] = check
	}
	for _, c := range cases {
		tried[c.check] = true
		t.Run(c.name, func(t *testing.T) {
			check, ok := checks[c.check]
			if !ok {
				t.Fatalf("there is no rule %q", c.check)
			}
			found, err := check.Run(write(t, c.changes))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != 1 || found[0].String() != c.want {
				t.Errorf("found %v, want only %q", found, c.want)
			}
		})
	}
	for name := range checks {
		if !tried[name] {
			t.Errorf("no case shows that the rule %q can fail", name)
		}
	}
}

// drawing is a tree with two components and a part of one, and two files that draw them.
func drawing(page, terminal string) files {
	return files{
		componentSpec:                         "\t{Type: \"Card\", Role: Root},\n\t{Type: \"Table.Row\", Go: \"TableRow\"},\n\t{Type: \"bar\", Role: Part},\n",
		"core/playground/web/widget.js":       page,
		"cmd/chatkit/internal/chat/widget.go": terminal,
	}
}

func TestTestsAndGeneratedFilesMayBeLong(t *testing.T) {
	long := "package chatkit\n" + strings.Repeat("\n", MaxLines)
	tree := write(t, files{
		"core/a_test.go": long,
		"core/b.go":      "// Code generated by a program. DO NOT EDIT.\n\n" + long,
	})
	found, err := filesAreShort(tree)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 0 {
		t.Errorf("found %v, want nothing", found)
	}
}
