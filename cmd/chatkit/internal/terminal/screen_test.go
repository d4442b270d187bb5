package terminal

import (
	"bytes"
	"os"
	"testing"
)

func TestTheNullDeviceIsNoTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for name, stream := range map[string]any{"the null device": null, "a buffer": &bytes.Buffer{}} {
		if IsTerminal(stream) {
			t.Errorf("%s is taken for a terminal", name)
		}
	}
}

func TestATerminalIsOne(t *testing.T) {
	pair, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this system makes no terminals for tests: %v", err)
	}
	defer pair.Close()
	if !IsTerminal(pair) {
		t.Error("a terminal is not taken for one")
	}
}
