package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatDoesNotBuildIsFound(t *testing.T) {
	t.Setenv("GOWORK", "off")
	cases := []struct {
		name, platform, code string
		want                 string // part of the error, empty for none
	}{
		{"sound", "windows/amd64", "var _ = os.Getpid()", ""},
		{"a name that a system lacks", "windows/amd64", "var _ = syscall.SYS_READ", "undefined: syscall.SYS_READ"},
		{"the same where it exists", "linux/arm64", "var _ = syscall.SYS_READ", ""},
		{"a number that does not fit", "linux/386", "var _ int = 1 << 40", "1 << 40"},
		{"the same where it fits", "linux/amd64", "var _ int = 1 << 40", ""},
		{"a body", "js/wasm", "func f() int { return syscall.RTF_UP }", "undefined: syscall.RTF_UP"},
		{"a dependency that does not exist", "linux/amd64", "import _ \"example.com/gone\"", "example.com/gone"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			code := "package p\n"
			for _, pkg := range []string{"os", "syscall"} {
				if strings.Contains(c.code, pkg+".") {
					code += "import \"" + pkg + "\"\n"
				}
			}
			for name, content := range map[string]string{"go.mod": "module example.com/p\n\ngo 1.25.0\n", "p.go": code + c.code + "\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := check(dir, c.platform)
			if c.want == "" && err != nil {
				t.Errorf("check() = %v, want success", err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("check() = %v, want an error about %s", err, c.want)
			}
		})
	}
}
