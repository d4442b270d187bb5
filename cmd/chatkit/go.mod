module github.com/gochatkit/chatkit/cmd/chatkit

go 1.25.0

require (
	github.com/gochatkit/chatkit/adapters/nethttp v0.1.0
	github.com/gochatkit/chatkit/core v0.1.0
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.9
	golang.org/x/term v0.40.0
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	golang.org/x/sys v0.41.0 // indirect
)

replace (
	github.com/gochatkit/chatkit/adapters/nethttp => ../../adapters/nethttp
	github.com/gochatkit/chatkit/core => ../../core
)
