package main

import (
	"io"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

func TestVectors(t *testing.T) {
	dir := vectortest.Dir(ownVectors())
	for _, p := range passes() {
		t.Run(p.title, func(t *testing.T) {
			outcomes, err := p.play(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			vectortest.Report(t, outcomes)
		})
	}
}

// The corners of the protocol that we recorded ourselves.
func TestRecordedVectors(t *testing.T) {
	vectortest.Run(t, "testdata/recorded", vectortest.InProcess, nil)
}

func TestTheLastLineCounts(t *testing.T) {
	var out strings.Builder
	failed, err := run(t.Context(), &out, "testdata/few", false)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	if got, want := lines[len(lines)-1], "vectors: 2 passed, 2 failed"; got != want || failed != 2 {
		t.Errorf("last line = %q, %d failed, want %q", got, failed, want)
	}
	if !strings.Contains(out.String(), "FAIL server vectors, gin: server/wrong-text") {
		t.Errorf("output does not name the failed vector:\n%s", out.String())
	}
	if _, err := run(t.Context(), io.Discard, t.TempDir(), false); err == nil {
		t.Error("run() error = nil for a folder without vectors")
	}
	if _, err := run(t.Context(), io.Discard, "testdata/none", false); err == nil {
		t.Error("run() error = nil for a folder that does not exist")
	}
}
