package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/storetest"
)

func openStore(t testing.TB, path string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v, want no error", err)
		}
	})
	return s
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "chat.db") }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newThread(id string) *chatkit.Thread {
	return &chatkit.Thread{ID: id, CreatedAt: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func newMessage(id, text string) chatkit.Item {
	return &chatkit.AssistantMessageItem{
		ItemMeta: chatkit.ItemMeta{ID: id, ThreadID: "thr_1", CreatedAt: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)},
		Content:  []chatkit.AssistantMessageContent{{Text: text}},
	}
}

// itemIDs reads a thread to its end by pages of ten.
func itemIDs(t testing.TB, s chatkit.Store, owner, threadID string) []string {
	t.Helper()
	var ids []string
	q := chatkit.PageQuery{Limit: 10}
	for {
		p, err := s.Items(context.Background(), owner, threadID, q)
		must(t, err)
		for _, it := range p.Data {
			ids = append(ids, it.Meta().ID)
		}
		if q.After = p.After; !p.HasMore {
			return ids
		}
	}
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) chatkit.Store { return openStore(t, newPath(t)) })
}

func TestTwoStoresOnOneFileAreOne(t *testing.T) {
	const writers, each = 4, 10
	ctx, path := t.Context(), newPath(t)
	stores := []*Store{openStore(t, path), openStore(t, path)}
	must(t, stores[0].PutThread(ctx, "o", newThread("thr_1")))
	var wg sync.WaitGroup
	for w := range 2 * writers {
		mine, other := stores[w%2], stores[1-w%2]
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("m_%d_%d", w, i)
				if err := mine.PutItem(ctx, "o", "thr_1", newMessage(id, "")); err != nil {
					t.Errorf("write through store %d: %v", w%2, err)
				}
				if _, err := other.Item(ctx, "o", "thr_1", id); err != nil {
					t.Errorf("read through store %d what the other has written: %v", 1-w%2, err)
				}
			}
		})
	}
	wg.Wait()
	first, second := itemIDs(t, stores[0], "o", "thr_1"), itemIDs(t, stores[1], "o", "thr_1")
	if len(first) != 2*writers*each || !slices.Equal(first, second) {
		t.Errorf("the stores list %d and %d items, want the same %d", len(first), len(second), 2*writers*each)
	}
}

func TestDataOutlivesTheStore(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path)
	must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))
	must(t, s.PutItem(t.Context(), "o", "thr_1", newMessage("m1", "hello")))
	must(t, s.Close())
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is still there after Close(), want it merged into the file (%v)", err)
	}
	got := itemIDs(t, openStore(t, path), "o", "thr_1")
	if !slices.Equal(got, []string{"m1"}) {
		t.Errorf("items after reopening = %v, want [m1]", got)
	}
}

func TestTheDatabaseIsSetUpForAServer(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, WithBusyTimeout(1234*time.Millisecond), WithReaders(3))
	pragma := func(query interface {
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}, name string,
	) string {
		t.Helper()
		var v string
		must(t, query.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&v))
		return v
	}
	for name, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "busy_timeout": "1234"} {
		if got := pragma(s.writer.conn, name); got != want {
			t.Errorf("%s of the writer = %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"journal_mode": "wal", "query_only": "1", "busy_timeout": "1234"} {
		if got := pragma(s.readers, name); got != want {
			t.Errorf("%s of a reader = %s, want %s", name, got, want)
		}
	}
	if got := s.readers.Stats().MaxOpenConnections; got != 3 {
		t.Errorf("reader connections = %d, want 3", got)
	}
	if runtime.GOOS == "windows" {
		return // no permission bits there
	}
	must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		must(t, err)
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("permissions of %s = %v, want %v", filepath.Base(name), got, os.FileMode(0o600))
		}
	}
}

func TestAnyPathIsAPath(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"plain.db", "with space", "a?mode=memory", "a#b", "100%41", "ö–漢", "a&b=c+d"} {
		path := filepath.Join(dir, name)
		s := openStore(t, path)
		must(t, s.PutThread(t.Context(), "o", newThread(name)))
		must(t, s.Close())
		info, err := os.Stat(path)
		if err != nil || info.Size() == 0 {
			t.Errorf("path %q: the file is not there or empty (%v)", name, err)
		}
	}
	entries, err := os.ReadDir(dir)
	must(t, err)
	if len(entries) != 7 {
		t.Errorf("%d files after closing, want 7: %v", len(entries), entries)
	}
	t.Chdir(dir)
	if _, err := openStore(t, "plain.db").Thread(t.Context(), "o", "plain.db"); err != nil {
		t.Errorf("relative path: %v", err)
	}
}

func TestOpenRefusesWhatIsNoDatabaseFile(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage")
	must(t, os.WriteFile(garbage, []byte(strings.Repeat("not a database. ", 100)), 0o600))
	for _, path := range []string{"", ":memory:", "file::memory:", dir, filepath.Join(dir, "missing", "chat.db"), garbage} {
		s, err := Open(path)
		if err == nil {
			s.Close()
			t.Errorf("Open(%q) = no error, want one", path)
			continue
		}
		if want := "open " + path + ": "; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Open(%q) = %q, want it to begin with %q", path, err, want)
		}
	}
	if _, err := Open(filepath.Join(dir, "missing", "chat.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open() in a missing directory = %v, want ErrNotExist", err)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	ctx := t.Context()
	s := openStore(t, newPath(t))
	must(t, s.PutThread(ctx, "o", newThread("thr_1")))
	must(t, s.Close())
	must(t, s.Close())
	_, err := s.Thread(ctx, "o", "thr_1")
	for what, err := range map[string]error{
		"Thread":    err,
		"PutThread": s.PutThread(ctx, "o", newThread("thr_2")),
		"Batch":     s.Batch(ctx, "o", func(chatkit.Store) error { return nil }),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s() after Close() = %v, want ErrClosed", what, err)
		}
	}
}

func TestClosingKeepsWhatWasAcknowledged(t *testing.T) {
	ctx, path := t.Context(), newPath(t)
	s := openStore(t, path)
	must(t, s.PutThread(ctx, "o", newThread("thr_1")))
	var mu sync.Mutex
	var acknowledged []string
	enough := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("m_%d_%d", w, i)
				err := s.PutItem(ctx, "o", "thr_1", newMessage(id, ""))
				if errors.Is(err, ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("PutItem() while the store closes = %v, want ErrClosed", err)
					return
				}
				mu.Lock()
				if acknowledged = append(acknowledged, id); len(acknowledged) == 40 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	must(t, s.Close())
	wg.Wait()
	got := itemIDs(t, openStore(t, path), "o", "thr_1")
	slices.Sort(got)
	slices.Sort(acknowledged)
	if !slices.Equal(got, acknowledged) {
		t.Errorf("%d items after reopening, want the %d acknowledged ones", len(got), len(acknowledged))
	}
}

func TestPageQueriesWalkAnIndex(t *testing.T) {
	s := openStore(t, newPath(t))
	st := s.reads
	for _, c := range []struct {
		stmt **sql.Stmt
		want string
	}{
		{&st.threadsAsc, "PRIMARY KEY (owner=? AND (created_at,seq)>(?,?))"},
		{&st.threadsDesc, "PRIMARY KEY (owner=? AND (created_at,seq)<(?,?))"},
		{&st.itemsAsc, "PRIMARY KEY (owner=? AND thread_id=? AND (created_at,seq)>(?,?))"},
		{&st.itemsDesc, "PRIMARY KEY (owner=? AND thread_id=? AND (created_at,seq)<(?,?))"},
		{&st.threadCursor, "(owner=? AND id=?)"},
		{&st.itemCursor, "(owner=? AND thread_id=? AND id=?)"},
		{&st.putItem, "(owner=? AND thread_id=? AND created_at=?)"},
		{&st.dropThreadItems, "PRIMARY KEY (owner=? AND thread_id=?)"},
		{&st.dropThreadAttachment, "chatkit_attachments_thread"},
	} {
		queries := st.queries()
		text := queries[slices.IndexFunc(queries, func(q query) bool { return q.into == c.stmt })].text
		args := make([]any, 8) // any NULLs will do for a plan
		if !strings.Contains(text, "?1") {
			args = args[:strings.Count(text, "?")]
		}
		rows, err := s.readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
		must(t, err)
		var plan string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			must(t, rows.Scan(&id, &parent, &unused, &detail))
			plan += detail + "\n"
		}
		must(t, rows.Err())
		if !strings.Contains(plan, c.want) || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("plan of %s\nis %swant %s and no scan", text, plan, c.want)
		}
	}
}
