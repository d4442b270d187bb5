package chatkit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// A StreamError is for the user. Any other error is for the log.
func ExampleStreamError() {
	errQuota := errors.New("quota of free plan")
	respond := func(_ context.Context, t *chatkit.Turn) error {
		if t.Input.Text() == "One more" {
			return &chatkit.StreamError{Message: "You have used today's 100 messages.", Err: errQuota}
		}
		return errors.New("ask the model: status 401: key sk-123 has expired")
	}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	srv := chatkit.NewServer(memstore.New(), respond, &chatkit.Options{Logger: logger})

	show(srv, "One more")
	show(srv, "Hi")
	fmt.Println("logged:", strings.Contains(log.String(), "quota of free plan"), strings.Contains(log.String(), "sk-123"))
	// Output:
	// error: custom, message "You have used today's 100 messages.", retry false
	// error: stream.error, message "", retry true
	// logged: true true
}
