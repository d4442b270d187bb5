package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	errorLine = regexp.MustCompile(`^fixture\.ts\((\d+),\d+\): error TS\d+: (.*)$`)
	unknown   = regexp.MustCompile(`and '"?([^'"]+)"?' does not exist in type '(.*)'\.$`)
	value     = regexp.MustCompile(`^Type '"([^']*)"' is not assignable to type '`)
)

// report prints what the compiler's output in says, each thing once, and whether it is what known lists.
func report(dir, known string, in io.Reader, out io.Writer) (bool, error) {
	b, err := os.ReadFile(filepath.Join(dir, "fixture.ts"))
	if err != nil {
		return false, err
	}
	fixture := strings.Split(string(b), "\n")
	found := map[string]bool{}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		m := errorLine.FindStringSubmatch(lines.Text())
		if m == nil {
			if strings.HasPrefix(lines.Text(), "  ") {
				continue // the rest of a message
			}
			return false, fmt.Errorf("the compiler says: %s", lines.Text())
		}
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 2 || n > len(fixture) {
			return false, fmt.Errorf("no line %s in the fixture", m[1])
		}
		name, err := strconv.Unquote(strings.TrimPrefix(fixture[n-2], "// "))
		if err != nil {
			return false, fmt.Errorf("line %d of the fixture has no name: %s", n, m[2])
		}
		found[finding(name, m[2])] = true
	}
	expected, err := lines(known)
	if err != nil {
		return false, err
	}
	same := true
	for _, f := range slices.Sorted(maps.Keys(found)) {
		mark := "known"
		if !expected[f] {
			mark, same = "NEW", false
		}
		fmt.Fprintf(out, "%-6s %s\n", mark, f)
	}
	for _, f := range slices.Sorted(maps.Keys(expected)) {
		if !found[f] {
			fmt.Fprintf(out, "%-6s %s\n", "GONE", f)
			same = false
		}
	}
	return same, nil
}

// finding says in short what a message about the sample of that name means.
func finding(name, message string) string {
	component, rest, _ := strings.Cut(name, ".")
	member, _, _ := strings.Cut(rest, "=")
	if strings.HasPrefix(name, "missing from ") {
		return name + ": " + message
	}
	if m := unknown.FindStringSubmatch(message); m != nil {
		typ := m[2]
		if strings.HasPrefix(typ, "{") {
			typ = component
			if !strings.HasSuffix(typ, "Option") && member != "" {
				typ += "." + member
			}
		}
		return typ + ": no member " + m[1]
	}
	if m := value.FindStringSubmatch(message); m != nil {
		if m[1] == component {
			return component + ": no such component"
		}
		return component + "." + member + ": no value " + m[1]
	}
	return name + ": " + message
}

func lines(file string) (map[string]bool, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	set := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			set[line] = true
		}
	}
	return set, nil
}
