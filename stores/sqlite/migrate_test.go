package sqlitestore

import (
	"database/sql"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func openDB(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func version(t *testing.T, db *sql.DB) (v int) {
	t.Helper()
	must(t, db.QueryRowContext(t.Context(), "SELECT version FROM chatkit_schema").Scan(&v))
	return v
}

// latest is the number of the last migration.
func latest(t *testing.T) int {
	t.Helper()
	names, err := fs.Glob(Migrations(), "*.sql")
	must(t, err)
	return len(names)
}

// withNext is our migrations and one more.
func withNext(t *testing.T, script string) fs.FS {
	t.Helper()
	files := fstest.MapFS{"9999_next.sql": {Data: []byte(script)}}
	names, err := fs.Glob(Migrations(), "*.sql")
	must(t, err)
	for _, name := range names {
		data, err := fs.ReadFile(Migrations(), name)
		must(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path)
	must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))
	db := openDB(t, path)
	for range 2 {
		must(t, Migrate(t.Context(), db))
	}
	if got := version(t, db); got != latest(t) {
		t.Errorf("schema version = %d, want %d", got, latest(t))
	}
	if _, err := s.Thread(t.Context(), "o", "thr_1"); err != nil {
		t.Errorf("Thread() after migrating again = %v, want no error", err)
	}
}

func TestManyProcessesMayMigrateAtOnce(t *testing.T) {
	path := newPath(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := Open(path)
			if err != nil {
				t.Errorf("Open() beside others = %v, want no error", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close() = %v, want no error", err)
			}
		})
	}
	wg.Wait()
}

func TestEveryVersionMigratesWithItsData(t *testing.T) {
	all, err := fs.Glob(Migrations(), "*.sql")
	must(t, err)
	for n := 1; n <= len(all); n++ {
		old := fstest.MapFS{}
		for _, name := range all[:n] {
			data, err := fs.ReadFile(Migrations(), name)
			must(t, err)
			old[name] = &fstest.MapFile{Data: data}
		}
		path := newPath(t)
		db := openDB(t, path)
		must(t, migrate(t.Context(), db, old))
		// What version 1 wrote. Later versions read it.
		_, err := db.ExecContext(t.Context(), `
			INSERT INTO chatkit_threads (owner, id, created_at, seq, v, data)
			VALUES ('o', 'thr_1', 1740830400000000, 1, 1, '{"title":"Old","id":"thr_1","created_at":"2025-03-01T12:00:00Z","status":{"type":"active"},"metadata":{"k":1}}');
			INSERT INTO chatkit_items (owner, thread_id, id, created_at, seq, type, hidden, v, data)
			VALUES ('o', 'thr_1', 'm1', 1740830400000000, 1, 'end_of_turn', 0, 1, '{"id":"m1","thread_id":"thr_1","created_at":"2025-03-01T12:00:00Z","type":"end_of_turn"}');`)
		must(t, err)
		s := openStore(t, path)
		th, err := s.Thread(t.Context(), "o", "thr_1")
		must(t, err)
		if th.Title == nil || *th.Title != "Old" {
			t.Errorf("thread written by version %d = %+v, want the title Old", n, th)
		}
		if got := itemIDs(t, s, "o", "thr_1"); !slices.Equal(got, []string{"m1"}) {
			t.Errorf("items written by version %d = %v, want [m1]", n, got)
		}
		if got := version(t, db); got != latest(t) {
			t.Errorf("schema version after opening version %d = %d, want %d", n, got, latest(t))
		}
	}
}

func TestALaterMigrationKeepsTheData(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path)
	must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))
	db := openDB(t, path)
	files := withNext(t, `ALTER TABLE chatkit_threads ADD COLUMN extra TEXT DEFAULT 'x'; UPDATE chatkit_schema SET version = version + 1;`)
	for range 2 {
		must(t, migrate(t.Context(), db, files))
	}
	if got := version(t, db); got != latest(t)+1 {
		t.Errorf("schema version = %d, want %d", got, latest(t)+1)
	}
	var extra string
	must(t, db.QueryRowContext(t.Context(), "SELECT extra FROM chatkit_threads WHERE id = 'thr_1'").Scan(&extra))
	if extra != "x" {
		t.Errorf("column of the next migration = %q, want %q", extra, "x")
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	path := newPath(t)
	must(t, openStore(t, path).Close())
	db := openDB(t, path)
	must(t, migrate(t.Context(), db, withNext(t, `UPDATE chatkit_schema SET version = version + 1`)))
	_, err := Open(path)
	if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "version 2, known up to 1") {
		t.Errorf("Open() of a newer schema = %v, want ErrNewerSchema and both versions", err)
	}
	if err := Migrate(t.Context(), db); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("Migrate() of a newer schema = %v, want ErrNewerSchema", err)
	}
}

func TestAFailedMigrationLeavesNothing(t *testing.T) {
	for name, script := range map[string]string{
		"a mistake in its middle": `CREATE TABLE half (x); UPDATE chatkit_schema SET version = version + 1; CREATE NONSENSE;`,
		"no new version":          `CREATE TABLE half (x);`,
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := openStore(t, path)
			db := openDB(t, path)
			if err := migrate(t.Context(), db, withNext(t, script)); err == nil || !strings.Contains(err.Error(), "9999_next.sql") {
				t.Errorf("migrate() = %v, want an error that names the file", err)
			}
			if got := version(t, db); got != latest(t) {
				t.Errorf("schema version = %d, want %d", got, latest(t))
			}
			var n int
			must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema WHERE name = 'half'").Scan(&n))
			if n != 0 {
				t.Errorf("half of the failed migration is there")
			}
			must(t, s.PutThread(t.Context(), "o", newThread("thr_1")))
		})
	}
}

func TestAVersionTableWithoutARowIsAnError(t *testing.T) {
	path := newPath(t)
	_, err := openDB(t, path).ExecContext(t.Context(), "CREATE TABLE chatkit_schema (version INTEGER)")
	must(t, err)
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "no version row") {
		t.Errorf("Open() without a version row = %v, want an error that says so", err)
	}
}

func TestMigrationsCanBeAppliedByHand(t *testing.T) {
	path := newPath(t)
	db := openDB(t, path)
	names, err := fs.Glob(Migrations(), "*.sql")
	must(t, err)
	for _, name := range names {
		script, err := fs.ReadFile(Migrations(), name)
		must(t, err)
		_, err = db.ExecContext(t.Context(), string(script))
		must(t, err)
	}
	must(t, openStore(t, path).PutThread(t.Context(), "o", newThread("thr_1")))
}
