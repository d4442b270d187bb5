// Package vectors holds the golden vectors, for programs that play them: see README.md beside it.
package vectors

import "embed"

// Server holds the recorded conversations, in the folder "server".
//
//go:embed server
var Server embed.FS
