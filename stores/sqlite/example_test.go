package sqlitestore_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/gochatkit/chatkit/core"
	sqlitestore "github.com/gochatkit/chatkit/stores/sqlite"
)

func Example() {
	dir, err := os.MkdirTemp("", "chat")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	store, err := sqlitestore.Open(filepath.Join(dir, "chat.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	ctx := context.Background()
	title := "Trip to Oslo"
	if err := store.PutThread(ctx, "ann", &chatkit.Thread{ID: "thr_1", Title: &title}); err != nil {
		log.Fatal(err)
	}
	t, err := store.Thread(ctx, "ann", "thr_1")
	fmt.Println(*t.Title, err)
	_, err = store.Thread(ctx, "bob", "thr_1")
	fmt.Println(err)
	// Output:
	// Trip to Oslo <nil>
	// load thread thr_1: not found
}
