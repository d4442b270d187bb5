module github.com/gochatkit/chatkit/adapters/fasthttp

go 1.25.0

require (
	github.com/gochatkit/chatkit/core v0.1.0
	github.com/valyala/fasthttp v1.74.0
)

require (
	github.com/klauspost/compress v1.20.0 // indirect
	github.com/molecule-man/go-brrr v1.0.1 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
)

replace github.com/gochatkit/chatkit/core => ../../core
