package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/run"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

// settings are what the program can be told.
type settings struct {
	url     string   // where browsers reach it, without a slash at its end
	db      string   // SQLite file
	uploads string   // folder
	proxies []string // that are asked from which address a request comes
	model   agent.Model
	who     string           // who answers, in a few words
	now     func() time.Time // the clock of orders and logins
}

// An app is the whole application but its listener.
type app struct {
	handler http.Handler
	chat    *chatkit.Server
	files   *attach.Files

	threads *sqlitestore.Store
	blobs   *attach.Folder
	db      *sql.DB
}

// open puts the application together. Close it in the end.
func open(ctx context.Context, s settings) (_ *app, err error) {
	a := new(app)
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.threads, err = sqlitestore.Open(s.db); err != nil {
		return nil, err
	}
	// The shop's own tables are in the same file, so one backup has everything.
	if a.db, err = openDatabase(ctx, s.db); err != nil {
		return nil, err
	}
	secret, err := linkSecret(ctx, a.db)
	if err != nil {
		return nil, err
	}
	if a.blobs, err = attach.NewFolder(s.uploads); err != nil {
		return nil, err
	}
	a.files, err = attach.New(a.blobs, a.threads, &attach.Options{
		URL: s.url + "/files", Secret: secret, Owner: owner, MaxBytes: 8 << 20, MaxPending: 20,
		Types: []string{"image/png", "image/jpeg", "image/webp", "text/plain"},
	})
	if err != nil {
		return nil, err
	}

	d := newDesk(s.model, &orders{a.db, s.now, s.url + "/assets/"}, &ratings{a.db, a.threads}, a.files)
	a.chat = chatkit.NewServer(a.threads, d.respond, &chatkit.Options{
		Owner:       owner,
		Action:      d.act,
		Feedback:    d.ratings.save,
		Attachments: a.files,
		Run:         run.Config{Drain: 3 * time.Second},
	})
	users := &users{a.db}
	if err := users.seed(ctx); err != nil {
		return nil, err
	}
	if err := d.orders.seed(ctx); err != nil {
		return nil, err
	}
	login := &login{users: users, sessions: &sessions{a.db, s.now}, secure: strings.HasPrefix(s.url, "https://")}
	if a.handler, err = routes(s, a, login, d.orders); err != nil {
		return nil, err
	}
	return a, nil
}

// close lets go of everything that has been opened.
func (a *app) close() error {
	var errs []error
	if a.blobs != nil {
		errs = append(errs, a.blobs.Close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	if a.threads != nil {
		errs = append(errs, a.threads.Close())
	}
	return errors.Join(errs...)
}
