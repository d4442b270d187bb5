module github.com/gochatkit/chatkit/core

go 1.25.0
