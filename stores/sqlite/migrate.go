package sqlitestore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// ErrNewerSchema is returned by [Open] and [Migrate] for a database that a newer
// version of this package has migrated. Nothing in it was touched.
var ErrNewerSchema = errors.New("database schema is newer than this program")

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations returns the numbered SQL files that make up the schema, for those who
// apply them with a tool of their own: 0001_initial.sql and so on, to be run in order
// and each in one transaction. Each one sets the version in the table chatkit_schema
// itself, so Open finds such a database up to date.
func Migrations() fs.FS {
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the directory is in the binary
	}
	return sub
}

// Migrate brings the schema of db up to date, each migration in a transaction of its
// own. It does nothing if there is nothing to do, and may run in several processes at
// once. [Open] calls it. The error is ErrNewerSchema if db is ahead of this package.
func Migrate(ctx context.Context, db *sql.DB) error {
	return migrate(ctx, db, Migrations())
}

func migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	for {
		// Without a lock first: a database that is up to date is the common case.
		version, err := schemaVersion(ctx, conn)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if version > len(names) {
			return fmt.Errorf("migrate: %w: version %d, known up to %d", ErrNewerSchema, version, len(names))
		}
		if version == len(names) {
			return nil
		}
		name := names[version]
		if err := step(ctx, conn, files, name, version); err != nil {
			return fmt.Errorf("migrate: %s: %w", name, err)
		}
	}
}

// step runs one migration, unless another process has done so in the meantime.
func step(ctx context.Context, conn *sql.Conn, files fs.FS, name string, from int) (err error) {
	script, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, rollback := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, rollback)
		}
	}()
	version, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	if version == from {
		if _, err := conn.ExecContext(ctx, string(script)); err != nil {
			return err
		}
		if version, err = schemaVersion(ctx, conn); err != nil {
			return err
		}
		if version != from+1 {
			return fmt.Errorf("schema version is %d afterwards, want %d", version, from+1)
		}
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// schemaVersion returns 0 for a database without our tables.
func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var tables int
	const find = `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'chatkit_schema'`
	if err := conn.QueryRowContext(ctx, find).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	var version int
	err := conn.QueryRowContext(ctx, `SELECT version FROM chatkit_schema`).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errors.New("table chatkit_schema has no version row")
	}
	return version, err
}
