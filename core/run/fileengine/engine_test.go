package fileengine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/enginetest"
	"github.com/gochatkit/chatkit/core/run/fileengine"
)

// A clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func open(t testing.TB, dir string, opts *fileengine.Options) *fileengine.Engine {
	t.Helper()
	e, err := fileengine.Open(dir, opts)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestEngineKeepsTheRules(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) enginetest.Opened {
		dir, c := t.TempDir(), newClock()
		e := open(t, dir, &fileengine.Options{Now: c.Now})
		return enginetest.Opened{Engine: e, Advance: c.Advance, Reopen: func(t *testing.T) run.Engine {
			if err := e.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			e = open(t, dir, &fileengine.Options{Now: c.Now})
			return e
		}}
	})
}

var key = run.Key{Owner: "o", Thread: "t", Run: "r"}

func claim(t testing.TB, e run.Engine, k run.Key) *run.Lease {
	t.Helper()
	l, err := e.Claim(t.Context(), run.ClaimRequest{Key: k, Node: "n", TTL: time.Minute})
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return l
}

// events returns a batch of n events in the generation of a lease.
func events(l *run.Lease, n int) run.Batch {
	first := run.MakeSeq(l.Generation, l.Head.Place()+1)
	b := run.Batch{First: first, Last: first + run.Seq(n) - 1} // small
	for i := range n {
		b.Data = fmt.Appendf(b.Data, "{\"seq\":%d,\"text\":\"é\\u00e9 %s\"}\n", uint64(first)+uint64(i), strings.Repeat("x", 20)) // small
	}
	return b
}

func grow(t testing.TB, e run.Engine, l *run.Lease, n int) {
	t.Helper()
	if _, err := e.Append(t.Context(), l, events(l, n)); err != nil {
		t.Fatalf("Append: %v", err)
	}
}

// numbers returns what the events of a run's log say of themselves.
func numbers(t testing.TB, e run.Engine, k run.Key) (all []uint64) {
	t.Helper()
	p, err := e.Read(t.Context(), k, 0, 1<<20)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	for _, b := range p.Batches {
		for line := range bytes.Lines(b.Data) {
			var event struct{ Seq uint64 }
			if err := json.Unmarshal(line, &event); err != nil {
				t.Fatalf("event %q: %v", line, err)
			}
			all = append(all, event.Seq)
		}
	}
	return all
}

// logFile returns the path of the only run's file in a folder.
func logFile(t testing.TB, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.run"))
	if err != nil || len(names) != 1 {
		t.Fatalf("files = %v, %v, want one", names, err)
	}
	return names[0]
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// written returns a run's file after three batches of two events, and how long it was after the claim and
// after each batch.
func written(t *testing.T) (name string, data []byte, lengths []int) {
	t.Helper()
	dir := t.TempDir()
	e := open(t, dir, nil)
	l := claim(t, e, key)
	name = logFile(t, dir)
	for i := range 4 {
		if i > 0 {
			grow(t, e, l, 2)
		}
		var err error
		if data, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
		lengths = append(lengths, len(data))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Base(name), data, lengths
}

// A file that ends anywhere is read up to its last whole record, and goes on from there.
func TestAFileCutOffAnywhereIsReadAsFarAsItIsWhole(t *testing.T) {
	name, data, lengths := written(t)
	for cut := range len(data) + 1 {
		whole := -1 // batches; -1 if there is not even a run
		for i, n := range lengths {
			if cut >= n {
				whole = i
			}
		}
		dir := t.TempDir()
		write(t, filepath.Join(dir, name), data[:cut])
		e := open(t, dir, nil)
		info, err := e.Lookup(t.Context(), key)
		if whole < 0 {
			if !errors.Is(err, run.ErrNoRun) {
				t.Fatalf("cut at %d: Lookup = %+v, %v, want no such run", cut, info, err)
			}
			claim(t, e, key)
		} else {
			if err != nil || !info.Expired || info.Head.Place() != uint64(2*whole) { // small
				t.Fatalf("cut at %d: Lookup = %+v, %v, want an orphan with %d events", cut, info, err, 2*whole)
			}
			l, err := e.TakeOver(t.Context(), info, "m")
			if err != nil {
				t.Fatalf("cut at %d: TakeOver: %v", cut, err)
			}
			grow(t, e, l, 3)
			if err := e.Close(); err != nil {
				t.Fatalf("cut at %d: Close: %v", cut, err)
			}
			e = open(t, dir, nil)
			got := numbers(t, e, key)
			if len(got) != 2*whole+3 {
				t.Fatalf("cut at %d: events after another start = %d, want %d and 3 more", cut, got, 2*whole)
			}
			for i, n := range got {
				generation := uint32(0)
				if i >= 2*whole {
					generation = 1
				}
				if want := run.MakeSeq(generation, uint64(i)+1); run.Seq(n) != want { // small
					t.Fatalf("cut at %d: event %d is %d, want %d", cut, i+1, n, want)
				}
			}
		}
		if err := e.Close(); err != nil {
			t.Fatalf("cut at %d: Close: %v", cut, err)
		}
	}
}

// A byte that changed may cost the rest of its file, and nothing that comes before it.
func TestADamagedByteCostsNothingBeforeIt(t *testing.T) {
	name, data, lengths := written(t)
	for at := lengths[1]; at < len(data); at++ {
		damaged := bytes.Clone(data)
		damaged[at] ^= 0x15
		dir := t.TempDir()
		write(t, filepath.Join(dir, name), damaged)
		e := open(t, dir, nil)
		if info, err := e.Lookup(t.Context(), key); err != nil || info.Head < 2 {
			t.Fatalf("byte %d changed: Lookup = %+v, %v, want at least 2 events", at, info, err)
		}
		_ = e.Close()
	}
}

func TestFilesOfOthersAreLeftAlone(t *testing.T) {
	name, data, lengths := written(t)
	other := strings.Repeat("ab", 16) + ".run"
	claimed := string(data[:lengths[0]])
	repeated := string(data[:lengths[1]]) + string(data[lengths[0]:])
	for _, tt := range []struct {
		what, name, content string
		head                run.Seq // of the run, 0 for no run
	}{
		{"an empty file", name, "", 0},
		{"text", name, "hello\nworld\n", 0},
		{"zeros", name, strings.Repeat("\x00", 5000), 0},
		{"a line without end", name, strings.Repeat("x", 3<<20), 0},
		{"JSON of another kind", name, `{"k":"X"}` + "\n", 0},
		{"null", name, "null\n", 0},
		{"a list", name, "[1,2]\n", 0},
		{"deep JSON", name, strings.Repeat("[", 100_000) + "\n", 0},
		{"a claim without its request", name, `{"k":"C","key":{"Owner":"o","Thread":"t","Run":"r"}}` + "\n", 0},
		{"events without a claim", name, string(data[lengths[0]:]), 0},
		{"a run under another run's name", other, string(data), 0},
		{"a batch that claims to be huge", name, string(data[:lengths[1]]) + `{"k":"B","first":3,"last":4,"n":99999999999}` + "\n", 2},
		{"a batch that claims to be negative", name, string(data[:lengths[1]]) + `{"k":"B","first":3,"last":4,"n":-1}` + "\n", 2},
		{"a batch behind a gap", name, string(data[:lengths[1]]) + string(data[lengths[2]:]), 2},
		{"a batch that comes twice", name, repeated[:lengths[1]] + repeated[lengths[0]:], 2},
		{"a batch that ends before it begins", name, string(data[:lengths[1]]) + `{"k":"B","first":3,"last":2,"n":1}` + "\n\n", 2},
		{"a second claim", name, string(data[:lengths[1]]) + claimed, 2},
		{"a run that goes on after its end", name, string(data[:lengths[1]]) + `{"k":"E","outcome":{"Status":"completed","Retain":9000000000000000000},"at":"2999-01-01T00:00:00Z"}` + "\n" + string(data[lengths[1]:]), 2},
	} {
		t.Run(tt.what, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, tt.name), []byte(tt.content))
			write(t, filepath.Join(dir, "notes.txt"), []byte("mine"))
			if err := os.Mkdir(filepath.Join(dir, "folder.run"), 0o700); err != nil {
				t.Fatal(err)
			}
			e := open(t, dir, nil)
			info, err := e.Lookup(t.Context(), key)
			if tt.head == 0 && !errors.Is(err, run.ErrNoRun) || tt.head > 0 && (err != nil || info.Head != tt.head) {
				t.Errorf("Lookup = %+v, %v, want head %d", info, err, tt.head)
			}
			for name, want := range map[string]string{tt.name: tt.content, "notes.txt": "mine"} {
				if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
					t.Errorf("%s was changed, %v", name, err)
				}
			}
			claim(t, e, run.Key{Owner: "o", Thread: "u", Run: "s"})
		})
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making links needs a privilege on Windows")
	}
	name, data, _ := written(t)
	elsewhere := t.TempDir()
	target := filepath.Join(elsewhere, name)
	write(t, target, data)
	dir := t.TempDir()
	for link, to := range map[string]string{name: target, "broken.run": filepath.Join(elsewhere, "nothing"), "loop.run": "loop.run"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	e := open(t, dir, nil)
	if _, err := e.Lookup(t.Context(), key); !errors.Is(err, run.ErrNoRun) {
		t.Errorf("Lookup = %v, want no such run", err)
	}
	if _, err := e.Claim(t.Context(), run.ClaimRequest{Key: key, TTL: time.Minute}); err == nil {
		t.Errorf("Claim through a link that leads out of the folder succeeded")
	}
	if got, err := os.ReadFile(target); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the file behind the link was changed, %v", err)
	}
	claim(t, e, run.Key{Owner: "o", Thread: "u", Run: "s"})
}

func TestAFolderIsForOneAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	e := open(t, dir, nil)
	if second, err := fileengine.Open(dir, nil); !errors.Is(err, fileengine.ErrLocked) {
		t.Errorf("second Open = %v, %v, want locked", second, err)
	}
	l := claim(t, e, key)
	grow(t, e, l, 1)
	for range 2 {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	e = open(t, dir, nil)
	if got := numbers(t, e, key); len(got) != 1 {
		t.Errorf("events = %d, want one", got)
	}
}

func TestAFolderThatCannotBeUsedIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, nil)
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if e, err := fileengine.Open(dir, nil); err == nil {
			_ = e.Close()
			t.Errorf("Open(%s) succeeded", filepath.Base(dir))
		}
	}
}

func TestFilesOfEndedRunsGoWhenTheirTimeIsUp(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	e := open(t, dir, &fileengine.Options{Now: c.Now})
	files := func() int {
		names, _ := filepath.Glob(filepath.Join(dir, "*.run"))
		return len(names)
	}
	finish := func(thread string) {
		t.Helper()
		l := claim(t, e, run.Key{Owner: "o", Thread: thread, Run: "r"})
		grow(t, e, l, 2)
		if err := e.Finish(t.Context(), l, events(l, 1), run.Outcome{Status: run.Completed, Retain: 5 * time.Minute}); err != nil {
			t.Fatal(err)
		}
	}
	finish("before")
	c.Advance(4 * time.Minute)
	claim(t, e, key)
	if got := files(); got != 2 {
		t.Errorf("%d files while the ended run is kept, want 2", got)
	}
	c.Advance(2 * time.Minute)
	finish("after") // whatever is called
	if got := files(); got != 2 {
		t.Errorf("%d files after the first run's time, want 2", got)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Hour)
	e = open(t, dir, &fileengine.Options{Now: c.Now})
	if info, err := e.Lookup(t.Context(), key); err != nil || !info.Expired {
		t.Errorf("Lookup of the run that never ended = %+v, %v", info, err)
	}
	if got := files(); got != 1 {
		t.Errorf("%d files after another start, want that of the run that never ended", got)
	}
}

func TestALogBeyondItsBoundStopsToGrowOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	opts := &fileengine.Options{MaxLog: 4000}
	e := open(t, dir, opts)
	l := claim(t, e, key)
	for range 200 {
		grow(t, e, l, 1)
	}
	stat, err := os.Stat(logFile(t, dir))
	if err != nil || stat.Size() > 5000 {
		t.Errorf("file = %v, %v, want at most 4000 bytes and a record", stat, err)
	}
	if err := e.Finish(t.Context(), l, run.Batch{}, run.Outcome{Status: run.Completed, Retain: time.Hour}); err != nil {
		t.Fatalf("Finish: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir, opts)
	info, err := e.Lookup(t.Context(), key)
	if err != nil || info.Status != run.Completed || info.Head == 0 || info.Head >= 200 {
		t.Errorf("run after another start = %+v, %v, want it completed, with its first events", info, err)
	}
}

func TestWhatIsTooLargeForARecordIsRefusedAndNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir, nil)
	l := claim(t, e, key)
	grow(t, e, l, 1)
	huge := run.Batch{First: 2, Last: 2, Data: append(bytes.Repeat([]byte("x"), 65<<20), '\n')}
	if _, err := e.Append(t.Context(), l, huge); err == nil {
		t.Errorf("Append of 65 MB succeeded")
	}
	if err := e.Signal(t.Context(), run.Signal{Key: key, Reason: "stopped", By: strings.Repeat("x", 2<<20)}); err == nil {
		t.Errorf("Signal of 2 MB succeeded")
	}
	if _, err := e.Claim(t.Context(), run.ClaimRequest{Key: run.Key{Owner: "o", Thread: "u", Run: strings.Repeat("x", 2<<20)}, TTL: time.Minute}); err == nil {
		t.Errorf("Claim of 2 MB succeeded")
	}
	logFile(t, dir) // there is still one only
	grow(t, e, l, 1)
	_ = e.Close()
	e = open(t, dir, nil)
	if got := numbers(t, e, key); len(got) != 2 {
		t.Errorf("events = %d, want 2", got)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("batch=%d", n), func(b *testing.B) {
			e := open(b, b.TempDir(), &fileengine.Options{MaxLog: 1 << 30})
			l := claim(b, e, key)
			batch := events(l, n)
			b.SetBytes(int64(len(batch.Data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Append(b.Context(), l, batch); err != nil {
					b.Fatal(err)
				}
				batch.First, batch.Last = batch.First+run.Seq(n), batch.Last+run.Seq(n) // small
			}
		})
	}
}
