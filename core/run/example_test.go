package run_test

import (
	"context"
	"fmt"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// A server's limits are a Config in its options, and OnEnd hears of every end.
func ExampleConfig() {
	ends := make(chan run.End, 1)
	respond := func(_ context.Context, t *chatkit.Turn) error { return t.Text("Hello yourself.") }
	srv := chatkit.NewServer(memstore.New(), respond, &chatkit.Options{
		Run: run.Config{
			Stall:       30 * time.Second,
			MaxDuration: 5 * time.Minute,
			OnEnd:       func(e run.End) { ends <- e },
		},
	})
	res, err := srv.Process(context.Background(), &chatkit.Request{Body: []byte(`{"type": "threads.create", "params": {
		"input": {"content": [{"type": "input_text", "text": "Hello"}], "attachments": [], "inference_options": {}}
	}}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Close() // hanging up before the end would end the turn

	end := <-ends
	fmt.Println(end.Kind, end.Status, end.Events)
	// Output: threads.create completed 4
}
