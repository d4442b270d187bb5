package host

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Main is the main function of a program that listens on one address: -addr, or ADDR, 127.0.0.1:8080 by default. It
// parses the flags and calls run, whose context ends with Ctrl-C or a termination; a second one ends the program at once.
// The error of run is printed behind the program's name, and the program exits with status 1.
func Main(name string, run func(ctx context.Context, addr string) error) {
	addr := os.Getenv("ADDR")
	if addr == "" {
		addr = "127.0.0.1:8080"
	}
	flag.StringVar(&addr, "addr", addr, "address to listen on; port 0 picks a free one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := run(ctx, addr); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}

// Listen listens on a TCP address. Its error says what to do about an address that is taken.
func Listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w (another address: -addr 127.0.0.1:9090)", err)
	}
	return listener, nil
}

// Run serves next on the listener until ctx ends, and then ends chat and the web server. Hourly is called every
// hour, unless it is nil.
func Run(ctx context.Context, listener net.Listener, next http.Handler, chat *chatkit.Server, hourly func(context.Context)) error {
	web := &http.Server{Handler: next, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	hour := time.NewTicker(time.Hour)
	defer hour.Stop()
	for ctx.Err() == nil {
		select {
		case err := <-failed:
			return err
		case <-hour.C:
			if hourly != nil {
				hourly(ctx)
			}
		case <-ctx.Done():
		}
	}
	// The chat first: it ends the running answers and stores what there is of them, which is what their
	// connections wait for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(chat.Shutdown(ctx), web.Shutdown(ctx))
}

// Guard keeps other web sites out of a server without a login: it answers its own page only. On a loopback
// address it also insists on a loopback name, which a site that points its own name here lacks.
func Guard(at net.Addr, next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	local := Loopback(at.String())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local && !Loopback(r.Host) {
			http.Error(w, "this server is for this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Loopback reports whether an address, with or without a port, leads to this machine by its name.
func Loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
