package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run/fileengine"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

// data is where everything is kept: threads, files of messages, and answers in progress.
type data struct {
	name   string
	store  chatkit.Store
	files  *attach.Files
	engine *fileengine.Engine // nil in memory, where a crash leaves nothing to go on with
	close  []func() error     // in the order in which it was opened
}

// maxPreview is how large, in bytes, a picture may be to be sent inside of its message.
const maxPreview = 1 << 20

// openData opens an SQLite file and two folders beside it, or what goes away with the program. URL is where
// browsers reach the files.
func openData(db, url string) (d *data, err error) {
	d = &data{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if db == "" || db == ":memory:" {
		d.name, d.store = "memory", memstore.New()
		dir, err := os.MkdirTemp("", "quickstart-*")
		if err != nil {
			return d, err
		}
		d.close = append(d.close, func() error { return os.RemoveAll(dir) })
		return d, d.openFiles(dir, url)
	}
	store, err := sqlitestore.Open(db)
	if err != nil {
		return d, err
	}
	d.name, d.store = db, store
	d.close = append(d.close, store.Close)
	if d.engine, err = fileengine.Open(db+"-runs", nil); err != nil {
		return d, fmt.Errorf("%w (does another quickstart run? Another file: -db other.db)", err)
	}
	d.close = append(d.close, d.engine.Close)
	return d, d.openFiles(db+"-files", url)
}

func (d *data) openFiles(dir, url string) error {
	folder, err := attach.NewFolder(dir)
	if err != nil {
		return err
	}
	d.close = append(d.close, folder.Close)
	d.files, err = attach.New(folder, d.store, &attach.Options{
		URL: url, Secret: []byte(rand.Text() + rand.Text()), DataPreview: maxPreview,
	})
	return err
}

// Close lets go of everything, the last that was opened first.
func (d *data) Close() error {
	var errs error
	for len(d.close) > 0 {
		last := len(d.close) - 1
		errs = errors.Join(errs, d.close[last]())
		d.close = d.close[:last]
	}
	return errs
}
