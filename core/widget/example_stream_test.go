package widget_test

import (
	"fmt"

	"github.com/gochatkit/chatkit/core/widget"
)

// A Stream appends to a text of a widget without building or comparing the widget again.
func ExampleStream() {
	s, err := widget.NewStream(&widget.Card{Children: []widget.Component{
		&widget.Markdown{ID: "answer", Streaming: widget.True},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, token := range []string{"Hello", ", ", "world"} {
		delta, err := s.AppendText("answer", token)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%q done: %t\n", delta.Delta, delta.Done)
	}
	if _, err := s.EndText("answer"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(s.JSON()))
	// Output:
	// "Hello" done: false
	// ", " done: false
	// "world" done: false
	// {"type":"Card","children":[{"id":"answer","type":"Markdown","value":"Hello, world","streaming":false}]}
}
