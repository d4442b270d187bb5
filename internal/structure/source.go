package structure

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"sort"
	"strings"
)

// MaxLines is the longest a Go file may be that is neither a test nor generated. A file that reaches it
// has a second noun hiding in it.
const MaxLines = 500

// source is one parsed Go file that is neither a test nor generated.
type source struct {
	name  string
	lines int
	fset  *token.FileSet
	ast   *ast.File
}

// sources parses the Go files that the rules about code apply to.
func (t *Tree) sources() ([]source, error) {
	var all []source
	for _, f := range t.Named("*.go") {
		if strings.HasSuffix(f, "_test.go") || strings.Contains("/"+f, "/testdata/") {
			continue
		}
		content, err := t.Read(f)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, f, content, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", f, err)
		}
		if ast.IsGenerated(parsed) {
			continue
		}
		all = append(all, source{name: f, lines: bytes.Count(content, []byte("\n")), fset: fset, ast: parsed})
	}
	return all, nil
}

func filesAreShort(t *Tree) ([]Finding, error) {
	all, err := t.sources()
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, s := range all {
		if s.lines > MaxLines {
			text := fmt.Sprintf("%d lines, want at most %d", s.lines, MaxLines)
			found = append(found, Finding{File: s.name, Text: text})
		}
	}
	return found, nil
}

func packagesHaveComments(t *Tree) ([]Finding, error) {
	all, err := t.sources()
	if err != nil {
		return nil, err
	}
	documented := map[string]bool{}
	for _, s := range all {
		dir := path.Dir(s.name)
		documented[dir] = documented[dir] || s.ast.Doc != nil
	}
	var found []Finding
	for dir, ok := range documented {
		if !ok {
			found = append(found, Finding{File: dir, Text: "the package has no comment"})
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].File < found[j].File })
	return found, nil
}

func exportedNamesHaveComments(t *Tree) ([]Finding, error) {
	all, err := t.sources()
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, s := range all {
		if s.ast.Name.Name == "main" {
			continue
		}
		d := docs{source: s}
		for _, decl := range s.ast.Decls {
			d.decl(decl)
		}
		found = append(found, d.found...)
	}
	return found, nil
}

// docs collects the exported names of one file that have no comment.
type docs struct {
	source
	found []Finding
}

func (d *docs) missing(at token.Pos, kind, name string) {
	line := d.fset.Position(at).Line
	d.found = append(d.found, Finding{File: d.name, Line: line, Text: fmt.Sprintf("%s %s has no comment", kind, name)})
}

// explainedByName are methods of interfaces that every Go reader knows.
var explainedByName = map[string]bool{"Error": true, "String": true, "Unwrap": true}

func (d *docs) decl(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil && len(decl.Recv.List) == 1 {
			receiver := receiverName(decl.Recv.List[0].Type)
			if !ast.IsExported(receiver) {
				return
			}
			if explainedByName[name] {
				return
			}
			name = receiver + "." + name
		}
		if decl.Name.IsExported() && decl.Doc == nil {
			d.missing(decl.Pos(), "func", name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			d.spec(decl, spec)
		}
	}
}

func (d *docs) spec(decl *ast.GenDecl, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if !spec.Name.IsExported() {
			return
		}
		if spec.Doc == nil && (decl.Doc == nil || decl.Lparen.IsValid()) {
			d.missing(spec.Pos(), "type", spec.Name.Name)
		}
		d.members(spec)
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			// One comment over a group of constants says what they have in common; that is enough.
			if name.IsExported() && spec.Doc == nil && spec.Comment == nil && decl.Doc == nil {
				d.missing(name.Pos(), decl.Tok.String(), name.Name)
			}
		}
	}
}

// members looks at the methods of an interface and at the fields of a struct of settings: what to implement
// and what to choose cannot be guessed. The fields of other structs are described where their names do not say
// enough, which a reader has to judge.
func (d *docs) members(spec *ast.TypeSpec) {
	var list *ast.FieldList
	kind := "field"
	switch typ := spec.Type.(type) {
	case *ast.StructType:
		if name := spec.Name.Name; !strings.HasSuffix(name, "Options") && !strings.HasSuffix(name, "Config") {
			return
		}
		list = typ.Fields
	case *ast.InterfaceType:
		list, kind = typ.Methods, "method"
	default:
		return
	}
	for _, field := range list.List {
		if field.Doc != nil || field.Comment != nil {
			continue
		}
		for _, name := range field.Names {
			if name.IsExported() {
				d.missing(name.Pos(), kind, spec.Name.Name+"."+name.Name)
			}
		}
	}
}

func receiverName(expr ast.Expr) string {
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.ParenExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
