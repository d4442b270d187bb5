package chatkit_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest/leaktest"
	"github.com/gochatkit/chatkit/core/client"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/fileengine"
	"github.com/gochatkit/chatkit/core/transport/nethttp"
)

// serveEnv makes this test binary the server that is to be killed: it names the folder.
const serveEnv = "CHATKIT_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveEnv); dir != "" {
		if err := serveFrom(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	leaktest.Main(m)
}

// A dirStore keeps threads and items in the files of a folder, one each, and in memory.
type dirStore struct {
	chatkit.Store
	dir   string
	mu    sync.Mutex
	names map[string]string // of files, by thread and item
}

func openDirStore(dir string) (*dirStore, error) {
	s := &dirStore{Store: memstore.New(), dir: dir, names: map[string]string{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		var f stored
		data, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, &f)
		}
		if err == nil && f.Thread != nil {
			err = s.Store.PutThread(context.Background(), f.Owner, f.Thread)
		}
		if err == nil && f.Item != nil {
			var it chatkit.Item
			if it, err = chatkit.UnmarshalItem(f.Item); err == nil {
				err = s.Store.PutItem(context.Background(), f.Owner, f.In, it)
				s.names[f.In+"/"+it.Meta().ID] = name
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return s, nil
}

// stored is what a file holds: a thread, or an item and the thread it is in.
type stored struct {
	Owner  string
	Thread *chatkit.Thread `json:",omitempty"`
	In     string          `json:",omitempty"`
	Item   json.RawMessage `json:",omitempty"`
}

// write replaces a file, whole or not at all.
func (s *dirStore) write(key string, f stored) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.names[key]
	if name == "" {
		name = filepath.Join(s.dir, fmt.Sprintf("%06d.json", len(s.names)+1))
		s.names[key] = name
	}
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

func (s *dirStore) PutThread(ctx context.Context, owner string, t *chatkit.Thread) error {
	if err := s.write(t.ID, stored{Owner: owner, Thread: t}); err != nil {
		return err
	}
	return s.Store.PutThread(ctx, owner, t)
}

func (s *dirStore) PutItem(ctx context.Context, owner, thread string, it chatkit.Item) error {
	data, err := json.Marshal(it)
	if err != nil {
		return err
	}
	if err := s.write(thread+"/"+it.Meta().ID, stored{Owner: owner, In: thread, Item: data}); err != nil {
		return err
	}
	return s.Store.PutItem(ctx, owner, thread, it)
}

// serverOver returns a server that answers with numbered words, slowly, over the files of a folder.
func serverOver(dir string) (*chatkit.Server, *fileengine.Engine, error) {
	engine, err := fileengine.Open(filepath.Join(dir, "runs"), nil)
	if err != nil {
		return nil, nil, err
	}
	store, err := openDirStore(filepath.Join(dir, "store"))
	if err != nil {
		return nil, nil, errors.Join(err, engine.Close())
	}
	srv := chatkit.NewServer(store, func(ctx context.Context, t *chatkit.Turn) error {
		if t.Input.Content[0].(*chatkit.InputText).Text != "count" {
			return t.Text("answer")
		}
		if err := t.Text("before"); err != nil {
			return err
		}
		m := t.Message()
		for i := 0; ; i++ {
			if _, err := fmt.Fprintf(m, "w%d ", i); err != nil {
				return err
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}, &chatkit.Options{Logger: slog.New(slog.DiscardHandler), Run: run.Config{Engine: engine}})
	return srv, engine, nil
}

// serveFrom serves until the process is killed, at the address that it prints.
func serveFrom(dir string) error {
	srv, engine, err := serverOver(dir)
	if err != nil {
		return err
	}
	defer engine.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	time.AfterFunc(time.Minute, func() { os.Exit(2) }) // nobody has killed it
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nethttp.Serve(srv, w, r, nethttp.Options{})
	}))
}

// startServer starts the server in a process of its own.
func startServer(t *testing.T, dir string) (process *exec.Cmd, url string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process = exec.CommandContext(t.Context(), exe, "-test.run=^$")
	process.Env = append(os.Environ(), serveEnv+"="+dir)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "127.0.0.1:") {
		_ = process.Process.Kill()
		_ = process.Wait()
		t.Fatalf("the server says %q, %v", line, err)
	}
	return process, "http://" + strings.TrimSpace(line)
}

// A server is killed in the middle of an answer. What its client saw is in the history that the next process
// finds, with a note, and the thread goes on.
func TestAKilledServerLosesNothingThatItsClientSaw(t *testing.T) {
	for _, words := range []int{1, 100, 300} {
		t.Run(fmt.Sprintf("after %d words", words), func(t *testing.T) {
			dir := t.TempDir()
			process, url := startServer(t, dir)
			c := client.New(url, client.WithResume())
			request := message("", "count")
			s, err := c.Stream(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var thread, seen string
			for killed := false; ; {
				e, err := s.Next()
				if err != nil {
					if errors.Is(err, io.EOF) && !killed {
						t.Fatalf("the stream ended before the server was killed")
					}
					break
				}
				switch e := e.Event.(type) {
				case *chatkit.ThreadCreatedEvent:
					thread = e.Thread.ID
				case *chatkit.ThreadItemUpdatedEvent:
					if u, ok := e.Update.(*chatkit.AssistantMessageContentPartTextDelta); ok {
						seen += u.Delta
					}
				}
				if n := strings.Count(seen, " "); n >= words && !killed {
					killed = true
					if err := process.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			_ = process.Wait() // killed
			cursor := s.LastID()

			srv, engine, err := serverOver(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer engine.Close()
			if err := srv.Recover(t.Context()); err != nil {
				t.Fatalf("Recover: %v", err)
			}
			r := &rig{Server: srv, t: t, store: srv.Store()}
			history := r.history(thread)
			found := regexp.MustCompile(`^u:count a:before (?:a:((?:w\d+ )+) )?note$`).FindStringSubmatch(history)
			if found == nil {
				t.Fatalf("history = %q, want the message, what was complete, what was seen, and one note", history)
			}
			kept := found[1]
			if !strings.HasPrefix(kept, seen) && !strings.HasPrefix(seen, kept) {
				t.Errorf("stored = %q, seen %q", kept, seen)
			}
			// A client gets an event a moment before the engine does.
			stored, want := strings.Count(kept, " "), strings.Count(seen, " ")
			if lost := want - stored; lost > max(want*5/100, 2) {
				t.Errorf("%d of %d words that were seen are stored", stored, want)
			}

			res, err := r.with(map[string]string{"Last-Event-ID": cursor}, request)
			if err != nil {
				t.Fatal(err)
			}
			// Of what the engine has got of the answer, that is: a kill in its first moments leaves it without a word.
			got := wire(t, res)
			if kept != "" && !strings.Contains(got, "thread.item.replaced") || !strings.Contains(got, retryEvent) || !strings.Contains(got, kept) {
				t.Errorf("the client that comes back with %s gets %s", cursor, got)
			}
			if r.ask(message(thread, "two")); r.history(thread) != history+" u:two a:answer" {
				t.Errorf("history after the next message = %q", r.history(thread))
			}
		})
	}
}
