module github.com/gochatkit/chatkit/e2e/nginx

go 1.25.0

require (
	github.com/gochatkit/chatkit/adapters/nethttp v0.1.0
	github.com/gochatkit/chatkit/core v0.1.0
)

replace (
	github.com/gochatkit/chatkit/adapters/nethttp => ../../adapters/nethttp
	github.com/gochatkit/chatkit/core => ../../core
)
