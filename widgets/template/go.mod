module github.com/gochatkit/chatkit/widgets/template

go 1.25.0

require github.com/gochatkit/chatkit/core v0.1.0

replace github.com/gochatkit/chatkit/core => ../../core
