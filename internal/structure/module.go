package structure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// module is what a go.mod file says, as far as the rules ask.
type module struct {
	Dir     string // relative to the root, "." for the root itself
	Module  struct{ Path string }
	Require []struct{ Path, Version string }
	Replace []struct {
		Old, New struct{ Path, Version string }
	}
}

func (m *module) file() string { return path.Join(m.Dir, "go.mod") }

// modules reads every go.mod of the tree. Modules below a testdata folder are material of some test,
// not modules of the repository.
func (t *Tree) modules() ([]*module, error) {
	var all []*module
	for _, f := range t.Named("go.mod") {
		if strings.Contains("/"+f, "/testdata/") {
			continue
		}
		m := &module{Dir: path.Dir(f)}
		if err := t.goEdit(m, "mod", f); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// goEdit decodes what "go mod edit -json" or "go work edit -json" says of file into v.
func (t *Tree) goEdit(v any, kind, file string) error {
	cmd := exec.Command("go", kind, "edit", "-json", filepath.Join(t.Root, filepath.FromSlash(file)))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if err := json.Unmarshal(out, v); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}

func coreRequiresNothing(t *Tree) ([]Finding, error) {
	all, err := t.modules()
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, m := range all {
		if m.Dir != "core" {
			continue
		}
		for _, r := range m.Require {
			found = append(found, Finding{File: m.file(), Text: "core requires " + r.Path})
		}
	}
	return found, nil
}

// siblingsAreReplaced also keeps a module buildable with GOWORK=off, which is how its users build it.
func siblingsAreReplaced(t *Tree) ([]Finding, error) {
	all, err := t.modules()
	if err != nil {
		return nil, err
	}
	dirs := map[string]string{}
	for _, m := range all {
		dirs[m.Module.Path] = m.Dir
	}
	var found []Finding
	for _, m := range all {
		complain := func(format string, args ...any) {
			found = append(found, Finding{File: m.file(), Text: fmt.Sprintf(format, args...)})
		}
		if want := path.Join(ModulePrefix, m.Dir); m.Module.Path != want {
			complain("module path is %s, want %s", m.Module.Path, want)
		}
		targets := map[string]string{}
		for _, r := range m.Replace {
			targets[r.Old.Path] = r.New.Path
			if _, ours := dirs[r.Old.Path]; !ours {
				complain("replaces %s, which its users would not get", r.Old.Path)
			}
		}
		for _, r := range m.Require {
			if r.Path != ModulePrefix && !strings.HasPrefix(r.Path, ModulePrefix+"/") {
				continue
			}
			dir, ours := dirs[r.Path]
			if !ours {
				complain("requires %s, which is not in the repository", r.Path)
				continue
			}
			target := targets[r.Path]
			switch {
			case target == "":
				complain("requires %s without a replace", r.Path)
			case !strings.HasPrefix(target, "./") && !strings.HasPrefix(target, "../"):
				complain("replaces %s with %s, want a relative path", r.Path, target)
			case path.Join(m.Dir, target) != dir:
				complain("replaces %s with %s, which is not its folder", r.Path, target)
			}
		}
	}
	return found, nil
}

func workspaceIsComplete(t *Tree) ([]Finding, error) {
	all, err := t.modules()
	if err != nil {
		return nil, err
	}
	var work struct{ Use []struct{ DiskPath string } }
	if err := t.goEdit(&work, "work", "go.work"); err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	for _, u := range work.Use {
		listed[path.Clean(u.DiskPath)] = true
	}
	var found []Finding
	for _, m := range all {
		if !listed[m.Dir] {
			found = append(found, Finding{File: "go.work", Text: "does not use ./" + m.Dir})
		}
		delete(listed, m.Dir)
	}
	for dir := range listed {
		found = append(found, Finding{File: "go.work", Text: "uses ./" + dir + ", which is no module"})
	}
	return found, nil
}

// adapterLists are the files that list the adapters, and how they name one.
var adapterLists = map[string]string{
	"README.md":               "](adapters/%s/README.md)",
	"docs/adapters.md":        "](../adapters/%s/README.md)",
	"adapters/conformance.sh": "suite %s ",
}

func adaptersAreListed(t *Tree) ([]Finding, error) {
	all, err := t.modules()
	if err != nil {
		return nil, err
	}
	var found []Finding
	for list, form := range adapterLists {
		if !slices.Contains(t.Files, list) {
			continue
		}
		text, err := t.Read(list)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			if path.Dir(m.Dir) != "adapters" {
				continue
			}
			name := path.Base(m.Dir)
			if !bytes.Contains(text, fmt.Appendf(nil, form, name)) {
				found = append(found, Finding{File: list, Text: "does not name the adapter " + name})
			}
		}
	}
	return found, nil
}
