module github.com/gochatkit/chatkit/internal/structure

go 1.25.0
