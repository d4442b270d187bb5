package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed" // for the schema
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver, which the store of the threads uses as well
)

//go:embed schema.sql
var schema string

// openDatabase opens the tables of the shop and makes them if they are not there. One connection is enough for them,
// and never waits for itself.
func openDatabase(ctx context.Context, file string) (*sql.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	options := url.Values{"_pragma": {"busy_timeout(5000)"}, "_txlock": {"immediate"}}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("make the tables of the shop: %w", err), db.Close())
	}
	return db, nil
}

// linkSecret is what links to files are signed with. It is made once, so that links outlive a restart.
func linkSecret(ctx context.Context, db *sql.DB) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // it never fails
	var secret []byte
	err := db.QueryRowContext(ctx, `INSERT INTO desk_settings (name, value) VALUES ('link secret', ?)
		ON CONFLICT (name) DO UPDATE SET value = value RETURNING value`, fresh).Scan(&secret)
	if err != nil {
		return nil, fmt.Errorf("load the secret of links: %w", err)
	}
	return secret, nil
}
