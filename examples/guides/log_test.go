package guides_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// levels are the levels of the methods of a logger. Log and LogAttrs take theirs as a parameter.
var levels = map[string]string{
	"Debug": "debug", "Info": "info", "Warn": "warn", "Error": "error", "Log": "", "LogAttrs": "",
	"DebugContext": "debug", "InfoContext": "info", "WarnContext": "warn", "ErrorContext": "error",
}

// TestTheGuideListsTheWholeLog compares the tables of docs/debugging.md with what the sources of the server and of the
// adapters log. A message of the guide may end with an ellipsis.
func TestTheGuideListsTheWholeLog(t *testing.T) {
	logged := map[string]string{}
	for _, dir := range []string{"../../core", "../../adapters"} {
		if err := findMessages(dir, logged); err != nil {
			t.Fatal(err)
		}
	}
	if len(logged) < 25 {
		t.Errorf("%d messages were found, want those of the whole server: is the search broken?", len(logged))
	}
	guide, err := os.ReadFile("../../docs/debugging.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(chatkit: [^`]+)` \\| ([^|]+) \\|").FindAllStringSubmatch(string(guide), -1) {
		listed[row[1]] = row[2]
	}
	for message, level := range logged {
		row, ok := rowOf(listed, message)
		switch {
		case !ok:
			t.Errorf("docs/debugging.md does not list %q", message)
		case level != "" && !strings.Contains(row, level):
			t.Errorf("docs/debugging.md says of %q: %s, want %s", message, row, level)
		}
	}
	for row := range listed {
		found := false
		for message := range logged {
			found = found || matches(row, message)
		}
		if !found {
			t.Errorf("docs/debugging.md lists %q, which nothing logs", row)
		}
	}
}

func rowOf(listed map[string]string, message string) (level string, ok bool) {
	for row, level := range listed {
		if matches(row, message) {
			return level, true
		}
	}
	return "", false
}

func matches(row, message string) bool {
	if head, open := strings.CutSuffix(row, "…"); open {
		return strings.HasPrefix(message, head)
	}
	return row == message
}

// findMessages adds the messages that Go files below dir log, with their levels, "" for one that is decided as it runs.
func findMessages(dir string, found map[string]string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			level, ok := levels[method.Sel.Name]
			if !ok {
				return true
			}
			for _, arg := range call.Args {
				if s, ok := arg.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Level") {
					level = strings.ToLower(strings.TrimPrefix(s.Sel.Name, "Level"))
				}
				if text, ok := arg.(*ast.BasicLit); ok && text.Kind == token.STRING {
					if s, err := strconv.Unquote(text.Value); err == nil && strings.HasPrefix(s, "chatkit: ") {
						found[s] = level
					}
				}
			}
			return true
		})
		return nil
	})
}
