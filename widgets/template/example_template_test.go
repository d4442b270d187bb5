package widgettemplate_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/gochatkit/chatkit/core/widget"
	"github.com/gochatkit/chatkit/widgets/template"
)

// The files of a program are usually an embed.FS; a Set compiles each of them once.
func Example() {
	files := fstest.MapFS{"greeting.widget": {Data: []byte(`{
		"version": "1.0",
		"name": "greeting",
		"template": "{\"type\":\"Card\",\"children\":[{%- for n in names -%}{\"type\":\"Text\",\"value\":{{ ('Hello, ' ~ n) | tojson }}}{{ ',' if not loop.last }}{%- endfor -%}]}"
	}`)}}
	widgets := widgettemplate.NewSet(files, nil)
	root, err := widgets.Render(context.Background(), "greeting.widget", map[string]any{"names": []string{"Ada", "<Grace>"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	raw, err := widget.Encode(root)
	fmt.Println(string(raw), err)
	// Output:
	// {"type":"Card","children":[{"type":"Text","value":"Hello, Ada"},{"type":"Text","value":"Hello, <Grace>"}]} <nil>
}
