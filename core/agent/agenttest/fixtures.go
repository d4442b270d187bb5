package agenttest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoFixtures says that the recorded streams are not on this machine. They belong to others and are not
// part of the project.
var ErrNoFixtures = errors.New("no recorded streams: set CHATKIT_FIXTURES")

// Fixtures returns the folder of recorded streams: CHATKIT_FIXTURES, or "shared/fixtures" beside the
// checkout, which is found by its go.work.
func Fixtures() (string, error) {
	if dir := os.Getenv("CHATKIT_FIXTURES"); dir != "" {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return "", fmt.Errorf("CHATKIT_FIXTURES: %s is not a folder", dir)
		}
		return dir, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find checkout: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			found := filepath.Join(filepath.Dir(dir), "shared", "fixtures")
			if st, err := os.Stat(found); err == nil && st.IsDir() {
				return found, nil
			}
			return "", ErrNoFixtures
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", ErrNoFixtures
		}
		dir = up
	}
}

// ReadStream reads a recording as the body of a stream. A recording without framing, one event a line, is
// framed.
func ReadStream(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read recording: %w", err)
	}
	if !strings.Contains(filepath.Base(file), ".chunks.") {
		return data, nil
	}
	var out bytes.Buffer
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			out.WriteString(Frame(string(line)))
		}
	}
	return out.Bytes(), nil
}
