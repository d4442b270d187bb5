// Command conformance plays the golden vectors: conversations, bridge runs,
// conversions and widget changes recorded from the Python reference server.
//
//	go run ./conformance [-v] [-dir folder]
//
// Conversations are played by calling the server directly, and over HTTP through
// every adapter: net/http, gin, echo and fiber. A vector passes if it passes every
// time. The last line of the output says how many did; the exit code
// is 1 if any failed.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

func main() {
	verbose := flag.Bool("v", false, "list the intended differences, and the answers that are not equal to the byte")
	dir := flag.String("dir", "", "folder of the vectors (default $"+vectortest.Env+", else those of the project)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failed, err := run(ctx, os.Stdout, *dir, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// A pass is one way of playing one kind of vector.
type pass struct {
	title string
	play  func(ctx context.Context, dir string) ([]*vectortest.Outcome, error)
}

func passes() []pass {
	var all []pass
	for _, s := range servers() {
		all = append(all, pass{"server vectors, " + s.name, func(ctx context.Context, dir string) ([]*vectortest.Outcome, error) {
			return vectortest.Server(ctx, dir, s.open, nil)
		}})
	}
	return append(all,
		pass{"bridge vectors", vectortest.Bridge},
		pass{"convert vectors", vectortest.Convert},
		pass{"widget_diff vectors", func(_ context.Context, dir string) ([]*vectortest.Outcome, error) {
			return vectortest.WidgetDiff(dir)
		}},
	)
}

// run plays everything in dir and returns how many vectors failed.
func run(ctx context.Context, w io.Writer, dir string, verbose bool) (failed int, err error) {
	if dir == "" {
		dir = vectortest.Dir(ownVectors())
	}
	type key struct{ kind, name string }
	passed := map[key]bool{}
	for _, p := range passes() {
		outcomes, err := p.play(ctx, dir)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", p.title, err)
		}
		vectortest.Write(w, p.title, outcomes, verbose)
		for _, o := range outcomes {
			k := key{o.Kind, o.Name}
			before, again := passed[k]
			passed[k] = o.Passed() && (before || !again)
		}
	}
	if len(passed) == 0 {
		return 0, fmt.Errorf("no vectors in %s", dir)
	}
	ok := 0
	for _, p := range passed {
		if p {
			ok++
		}
	}
	failed = len(passed) - ok
	fmt.Fprintf(w, "vectors: %d passed, %d failed\n", ok, failed)
	return failed, nil
}

// ownVectors is the folder of the project's vectors, seen from its top or from here.
func ownVectors() string {
	dir := filepath.Join("core", "testdata", "vectors")
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Join("..", dir)
	}
	return dir
}
