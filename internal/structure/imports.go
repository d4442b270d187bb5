package structure

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// mayImportAdapters are the folders at the edge of the repository: what they hold is a program or a test
// of several adapters at once, so nobody who imports a library gets a framework that way.
var mayImportAdapters = []string{"adapters", "examples", "conformance", "cmd", "e2e"}

// eachImport calls visit for every import of every Go file that keep accepts, tests included.
func (t *Tree) eachImport(keep func(file string) bool, visit func(file string, line int, path string)) error {
	for _, f := range t.Named("*.go") {
		if strings.Contains("/"+f, "/testdata/") || !keep(f) {
			continue
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, filepath.Join(t.Root, filepath.FromSlash(f)), nil, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("parse %s: %w", f, err)
		}
		for _, spec := range parsed.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("parse %s: %w", f, err)
			}
			visit(f, fset.Position(spec.Pos()).Line, p)
		}
	}
	return nil
}

func coreImportsOnlyItself(t *Tree) ([]Finding, error) {
	var found []Finding
	inCore := func(file string) bool { return within(file, "core") }
	err := t.eachImport(inCore, func(file string, line int, p string) {
		// Only paths that begin with a host name lie outside the standard library.
		host, _, _ := strings.Cut(p, "/")
		if within(p, ModulePrefix+"/core") || (p != "C" && !strings.Contains(host, ".")) {
			return
		}
		found = append(found, Finding{File: file, Line: line, Text: "core imports " + p})
	})
	return found, err
}

func adaptersStayAtTheEdge(t *Tree) ([]Finding, error) {
	var found []Finding
	inside := func(file string) bool {
		for _, dir := range mayImportAdapters {
			if within(file, dir) {
				return false
			}
		}
		return true
	}
	err := t.eachImport(inside, func(file string, line int, p string) {
		if within(p, ModulePrefix+"/adapters") {
			found = append(found, Finding{File: file, Line: line, Text: "imports the adapter " + p})
		}
	})
	return found, err
}
