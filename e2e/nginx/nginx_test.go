// Package nginx holds a test of what nginx, in front of a server, does to its event streams: with its defaults, with
// settings that are often found, and with the ones that docs/nginx.md recommends.
package nginx

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is the path of nginx. It is installed if that is possible.
var program = sync.OnceValues(func() (string, error) {
	path, err := find()
	if err == nil || os.Geteuid() != 0 {
		return path, err
	}
	for _, args := range [][]string{{"update", "-qq"}, {"install", "-y", "-qq", "--no-install-recommends", "nginx-light"}} {
		cmd := exec.Command("apt-get", args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("apt-get %s: %w\n%s", args[0], err, out)
		}
	}
	return find()
})

// find also looks where Debian puts it, which is in the PATH of root only.
func find() (string, error) {
	if path, err := exec.LookPath("nginx"); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/nginx")
}

// start runs nginx until the end of the test, with locations inside the server of its configuration, and
// returns its address.
func start(t *testing.T, locations string) string {
	t.Helper()
	path, err := program()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("find nginx: %v", err)
		}
		t.Skipf("nginx is not there and cannot be installed: %v", err)
	}
	// Somebody else may take the port between our looking for it and nginx listening on it.
	for range 5 {
		addr := freeAddress(t)
		if listens(t, path, addr, locations) {
			return addr
		}
	}
	t.Fatal("nginx does not start")
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// listens starts nginx and reports whether it listens. What it has to say is logged if it does not, or if the test fails.
func listens(t *testing.T, path, addr, locations string) bool {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, []byte(configuration(path, addr, locations)), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(path, "-p", dir, "-c", conf)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start nginx: %v", err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	stop := func() {
		cmd.Process.Signal(os.Interrupt) // nginx ends at once
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		select {
		case <-ended:
			t.Logf("nginx: %s", log.String())
			return false
		default:
		}
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			t.Cleanup(func() {
				stop()
				if t.Failed() {
					t.Logf("nginx: %s", log.String())
				}
			})
			return true
		}
	}
	stop()
	t.Logf("nginx: %s", log.String())
	return false
}

// configuration is one server in one process, which writes nowhere but into its own folder.
func configuration(path, addr, locations string) string {
	built, _ := exec.Command(path, "-V").CombinedOutput()
	var folders strings.Builder
	for _, module := range []string{"fastcgi", "uwsgi", "scgi"} {
		if !strings.Contains(string(built), "--without-http_"+module+"_module") {
			fmt.Fprintf(&folders, "\t%s_temp_path %s;\n", module, module)
		}
	}
	return fmt.Sprintf(`daemon off;
master_process off;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 128; }
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
%s	server {
		listen %s;
%s
	}
}
`, folders.String(), addr, locations)
}
