// Command chatkit talks to ChatKit servers from a terminal: it chats, measures how answers arrive, checks how
// a server behaves, and plays recorded conversations against it. See docs/cli.md.
package main

import (
	"context"
	"os"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/command"
)

func main() {
	os.Exit(command.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
