package agent_test

import (
	"context"
	"encoding/json"
	"testing"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
)

func TestConverterHooks(t *testing.T) {
	quote := "Q"
	message := &chatkit.UserMessageItem{
		ItemMeta: chatkit.ItemMeta{ID: "i1"},
		Content: []chatkit.UserMessageContent{
			&chatkit.InputText{Text: "Hi "}, &chatkit.InputTag{ID: "1", Text: "Bo"}, &chatkit.InputText{Text: ", "},
			&chatkit.InputTag{ID: "2", Text: "Bo"}, &chatkit.InputTag{ID: "3", Text: "Al"}, &chatkit.InputTag{ID: "3", Text: "Al"},
		},
		Attachments: []chatkit.Attachment{&chatkit.FileAttachment{AttachmentMeta: chatkit.AttachmentMeta{ID: "f"}}},
		QuotedText:  &quote,
	}
	note := &chatkit.SDKHiddenContextItem{Content: "n"}
	hooks := agent.Converter{
		Attachment: func(_ context.Context, a chatkit.Attachment) (json.RawMessage, error) {
			return json.RawMessage(`{"type":"input_file","file_id":"` + a.Meta().ID + `"}`), nil
		},
		Tag: func(_ context.Context, tag *chatkit.InputTag) (json.RawMessage, error) {
			return agent.InputText("TAG " + tag.ID), nil
		},
	}
	const said = `{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi @Bo, @Bo@Al@Al"},{"type":"input_file","file_id":"f"}]}`
	const quoted = `{"type":"message","role":"user","content":[{"type":"input_text","text":"The user is referring to this in particular: \nQ"}]}`
	const tags = `{"type":"message","role":"user","content":[{"type":"input_text","text":"# User-provided context for @-mentions\n- When referencing resolved entities, use their canonical names **without** '@'.\n- The '@' form appears only in user text and should not be echoed."},{"type":"input_text","text":"TAG 1"}`
	const hidden = `{"type":"message","role":"user","content":[{"type":"input_text","text":"Hidden context for the agent (not shown to the user):\n<HiddenContext>\nn\n</HiddenContext>"}]}`
	tests := []struct {
		name   string
		change func(*agent.Converter)
		items  []chatkit.Item
		want   []string
	}{
		{"tags differ by id", func(*agent.Converter) {}, []chatkit.Item{message}, []string{said, quoted, tags + `,{"type":"input_text","text":"TAG 2"},{"type":"input_text","text":"TAG 3"}]}`}},
		{"in parity, tags differ by text", func(c *agent.Converter) { c.Parity = true }, []chatkit.Item{message}, []string{said, quoted, tags + `,{"type":"input_text","text":"TAG 3"}]}`}},
		{"a quote is lost if an item follows", func(c *agent.Converter) { c.Parity = true }, []chatkit.Item{message, note}, []string{said, tags + `,{"type":"input_text","text":"TAG 3"}]}`, hidden}},
		{"a quote can be kept", func(c *agent.Converter) { c.Parity, c.QuoteAnywhere = true, true }, []chatkit.Item{message, note}, []string{said, quoted, tags + `,{"type":"input_text","text":"TAG 3"}]}`, hidden}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := hooks
			tt.change(&c)
			got, err := c.Convert(t.Context(), tt.items)
			if err != nil {
				t.Fatal(err)
			}
			sameLines(t, texts(got), tt.want)
		})
	}
}

func TestConverterWritesClientToolsLikeTheReference(t *testing.T) {
	it := &chatkit.ClientToolCallItem{
		Status: chatkit.ClientToolCallCompleted, CallID: "c", Name: "n",
		Arguments: json.RawMessage(`{"é":[1.0,null],"😀":"a\u007f\n\"\\"}`),
	}
	var c agent.Converter
	got, err := c.Convert(t.Context(), []chatkit.Item{it})
	if err != nil {
		t.Fatal(err)
	}
	sameLines(t, texts(got), []string{
		`{"type":"function_call","call_id":"c","name":"n","arguments":"{\"\\u00e9\": [1.0, null], \"\\ud83d\\ude00\": \"a\\u007f\\n\\\"\\\\\"}"}`,
		`{"type":"function_call_output","call_id":"c","output":"null"}`,
	})
}

func TestConverterWritesWidgets(t *testing.T) {
	text := "copy me"
	it := &chatkit.WidgetItem{
		ItemMeta: chatkit.ItemMeta{ID: "w"}, CopyText: &text,
		Widget: json.RawMessage(`{"children":[{"value":"<b> é","type":"Text","id":"t","key":"k","size":null}, null],"type":"Card"}`),
	}
	tests := []struct {
		name string
		c    agent.Converter
		want string
	}{
		{"as JSON without nulls, key, id and type first", agent.Converter{}, `{\"type\":\"Card\",\"children\":[{\"key\":\"k\",\"id\":\"t\",\"type\":\"Text\",\"value\":\"<b> é\"}]}`},
		{"as copy text", agent.Converter{CopyText: true}, "copy me"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.c.Convert(t.Context(), []chatkit.Item{it})
			if err != nil {
				t.Fatal(err)
			}
			sameLines(t, texts(got), []string{
				`{"type":"message","role":"user","content":[{"type":"input_text","text":"The following graphical UI widget (id: w) was displayed to the user:` + tt.want + `"}]}`,
			})
		})
	}
}
