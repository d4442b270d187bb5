package agent_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

var update = flag.Bool("update", false, "write testdata/improved.txt; review it as a diff")

// The golden vectors without parity: the file shows what the improvements change, and its diff what a
// change of the bridge changes.
func TestImprovedVectors(t *testing.T) {
	plays, err := vectortest.PlayBridge(t.Context(), vectortest.Dir(vectors))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range plays {
		target := &target{events: p.Events, kept: p.Kept}
		b.WriteString("== " + p.Name + "\n" + target.short(t))
		for _, it := range p.Kept {
			b.WriteString("stored " + shortItem(it) + "\n")
		}
		if p.Err == nil && len(p.Before) == 0 {
			if err := whole(target); err != nil {
				t.Errorf("%s: %v", p.Name, err)
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
	if os.Getenv(vectortest.Env) != "" {
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
