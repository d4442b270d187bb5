// Cross type-checks a package for other operating systems and architectures, with all that it imports, from source.
// That takes seconds where compiling the standard library for each of them takes many minutes, and finds what breaks
// such builds: names that a system does not have, files that no system or two at once take, numbers that do not fit.
//
//	go run ./cross folder...
//
// A folder has to lie in a module; GOWORK and the other variables of Go apply.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// platforms are those that the adapters are for. Plan 9 is none: the oldest supported version of fasthttp does
// not build there.
var platforms = []string{
	"linux/amd64", "linux/386", "linux/arm", "linux/arm64", "linux/loong64", "linux/mips64le", "linux/ppc64le",
	"linux/riscv64", "linux/s390x",
	"darwin/amd64", "darwin/arm64",
	"dragonfly/amd64", "freebsd/amd64", "netbsd/amd64", "openbsd/amd64",
	"solaris/amd64", "illumos/amd64", "aix/ppc64",
	"windows/amd64", "windows/arm64",
	"js/wasm", "wasip1/wasm",
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "cross: name a folder")
		os.Exit(2)
	}
	failed := 0
	for _, dir := range os.Args[1:] {
		for _, p := range platforms {
			start := time.Now()
			if err := check(dir, p); err != nil {
				failed++
				fmt.Printf("%s: %s: %v\n", dir, p, err)
				continue
			}
			fmt.Printf("%s: %s ok, %.1f s\n", dir, p, time.Since(start).Seconds())
		}
	}
	fmt.Printf("cross: %d passed, %d failed\n", (len(os.Args)-1)*len(platforms)-failed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
	DepOnly    bool
	Error      *struct{ Err string }
}

// check type-checks the package in dir for a platform.
func check(dir, platform string) error {
	goos, goarch, ok := strings.Cut(platform, "/")
	if !ok {
		return fmt.Errorf("platform %q has no slash", platform)
	}
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap,DepOnly,Error", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("list packages: %w\n%s", err, stderr.Bytes())
	}
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read list of packages: %w", err)
		case p.Error != nil:
			return errors.New(p.Error.Err)
		case p.ImportPath == "unsafe":
			continue
		}
		// Dependencies come before those that import them.
		if done[p.ImportPath], err = p.typeCheck(goarch, done); err != nil {
			return err
		}
	}
}

func (p *listed) typeCheck(goarch string, done map[string]*types.Package) (*types.Package, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	standard, _, _ := strings.Cut(p.ImportPath, "/")
	cfg := types.Config{
		// The standard library builds everywhere; only what it declares matters here.
		IgnoreFuncBodies: p.DepOnly && !strings.Contains(standard, "."),
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", goarch),
		Importer: importer(func(path string) (*types.Package, error) {
			if full, ok := p.ImportMap[path]; ok {
				path = full
			}
			if pkg := done[path]; pkg != nil {
				return pkg, nil
			}
			return nil, fmt.Errorf("%s imports %s, which is not listed", p.ImportPath, path)
		}),
	}
	return cfg.Check(p.ImportPath, fset, files, nil)
}

// importer is a function as a types.Importer.
type importer func(path string) (*types.Package, error)

// Import calls the function.
func (f importer) Import(path string) (*types.Package, error) { return f(path) }
