module github.com/gochatkit/chatkit/bridges/openai

go 1.25.0

require (
	github.com/gochatkit/chatkit/core v0.1.0
	github.com/openai/openai-go/v3 v3.74.0
)

require (
	github.com/coder/websocket v1.8.15 // indirect
	github.com/tidwall/gjson v1.19.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	github.com/tidwall/sjson v1.2.5 // indirect
)

replace github.com/gochatkit/chatkit/core => ../../core
