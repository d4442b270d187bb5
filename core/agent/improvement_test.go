package agent_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/improved.txt; review it as a diff")

// The golden vectors without parity: the file shows what the improvements change, and its diff what a
// change of the bridge changes.
func TestImprovedVectors(t *testing.T) {
	var b strings.Builder
	for _, file := range vectorFiles(t, "bridge") {
		var v bridgeVector
		readVector(t, file, &v)
		target, _, err := playVector(t, &v)
		if err != nil && !errors.Is(err, errTripwire) {
			t.Fatalf("%s: %v", file, err)
		}
		b.WriteString("== " + strings.TrimSuffix(filepath.Base(file), ".json") + "\n" + target.short(t))
		for _, it := range target.kept {
			b.WriteString("stored " + shortItem(it) + "\n")
		}
		if err == nil && len(v.Initial.Items) == 0 {
			if err := whole(target); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	name := filepath.Join("testdata", "improved.txt")
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("CHATKIT_VECTORS") != "" {
		t.Skip("other vectors than the project's: only the rules were checked")
	}
	got, wanted := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(wanted)) {
		if i >= len(got) || i >= len(wanted) || got[i] != wanted[i] {
			t.Fatalf("line %d differs:\n got %q\nwant %q", i+1, at(got, i), at(wanted, i))
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}
