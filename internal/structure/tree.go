// Package structure holds the rules that keep this repository in shape and that no compiler checks:
// which module may import which, that every module builds on its own, that documentation exists and
// that its programs compile. The package is only a test bed: nothing imports it.
//
// Every rule is a [Check]. The tests run all of them over the repository, and each of them over a small
// tree made to break it, so that a rule that cannot fail is noticed.
package structure

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// ModulePrefix is the import path under which all modules of the repository live.
const ModulePrefix = "github.com/gochatkit/chatkit"

// Finding is one place that breaks a rule.
type Finding struct {
	File string // slash-separated, relative to the root of the tree
	Line int    // from 1; 0 when the whole file is meant
	Text string // what is wrong, as a sentence without a full stop
}

// String formats the finding the way compilers do, so that editors can jump to it.
func (f Finding) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Check is one rule over a tree. Run returns the places that break it; its error means that the rule
// could not be checked at all.
type Check struct {
	Name string // reads as a sentence: what holds when the check passes
	Run  func(*Tree) ([]Finding, error)
}

// Checks returns every rule, in the order in which they are reported.
func Checks() []Check {
	return []Check{
		{"core requires no module", coreRequiresNothing},
		{"core imports only itself and the standard library", coreImportsOnlyItself},
		{"only adapters, examples, conformance and commands import adapters", adaptersStayAtTheEdge},
		{"modules of this repository are replaced by relative paths", siblingsAreReplaced},
		{"the workspace lists every module", workspaceIsComplete},
		{"lists of adapters name every adapter", adaptersAreListed},
		{"every package has a comment", packagesHaveComments},
		{"every exported name has a comment", exportedNamesHaveComments},
		{"no Go file is longer than the limit", filesAreShort},
		{"no text names a machine or a workplace", textStaysPublic},
		{"links between documents lead somewhere", linksLeadSomewhere},
		{"the list of guides links to every guide", guidesAreListed},
		{"every component of widgets is drawn by the page and by the terminal", componentsAreDrawn},
	}
}

// Tree is a repository on disk, read once.
type Tree struct {
	Root  string   // absolute path of the folder that holds go.work
	Files []string // every file that belongs to the project, slash-separated, relative to Root, sorted
}

// skippedDirs are folders whose content is not the project's own, at any depth.
var skippedDirs = map[string]bool{".git": true, "node_modules": true}

// Load lists the files below root. It leaves out version control, installed packages, the bin folder of
// the root, and symbolic links.
func Load(root string) (*Tree, error) {
	t := &Tree{Root: root}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if skippedDirs[d.Name()] || rel == "bin" {
				return fs.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() {
			t.Files = append(t.Files, rel)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	sort.Strings(t.Files)
	return t, nil
}

// Read returns the content of a file of the tree.
func (t *Tree) Read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(t.Root, filepath.FromSlash(name)))
}

// Named returns the files whose last path element matches pattern, in the sense of [path.Match].
func (t *Tree) Named(pattern string) []string {
	var found []string
	for _, f := range t.Files {
		if ok, err := path.Match(pattern, path.Base(f)); err == nil && ok {
			found = append(found, f)
		}
	}
	return found
}

// within reports whether file lies in the folder dir or below it.
func within(file, dir string) bool {
	return file == dir || strings.HasPrefix(file, dir+"/")
}

// isBinary looks for a zero byte near the start, as git does.
func isBinary(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0
}
