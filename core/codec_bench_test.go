package chatkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// stdEvent is what people write with encoding/json.
type stdEvent struct {
	Type   string `json:"type"`
	ItemID string `json:"item_id"`
	Update any    `json:"update"`
}

type stdDelta struct {
	Type         string `json:"type"`
	ContentIndex int    `json:"content_index"`
	Delta        string `json:"delta"`
}

func BenchmarkEncodeTextDelta(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"token", " token"},
		{"ascii", strings.Repeat("the quick brown fox ", 10)},
		{"code", strings.Repeat("\tif a == \"b\" {\n", 13)},
		{"cjk", strings.Repeat("漢字かな", 16)},
	} {
		const id = "msg_0123456789abcdef"
		e := &ThreadItemUpdatedEvent{ItemID: id, Update: &AssistantMessageContentPartTextDelta{Delta: c.text}}
		b.Run(c.name+"/event", func(b *testing.B) {
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf, _ = appendEvent(buf[:0], e)
			}
		})
		b.Run(c.name+"/prefix", func(b *testing.B) {
			var buf []byte
			prefix := appendTextDeltaPrefix(nil, id, 0)
			b.ReportAllocs()
			for b.Loop() {
				buf = append(buf[:0], prefix...)
				buf = jsonx.AppendEscaped(buf, c.text)
				buf = append(buf, textDeltaSuffix...)
			}
		})
		b.Run(c.name+"/encoding-json", func(b *testing.B) {
			e := &stdEvent{"thread.item.updated", id, &stdDelta{"assistant_message.content_part.text_delta", 0, c.text}}
			b.ReportAllocs()
			for b.Loop() {
				_, _ = json.Marshal(e)
			}
		})
	}
}

// benchPage is a page of 50 items of about 400 bytes each.
func benchPage() Page[Item] {
	var p Page[Item]
	at := time.Date(2026, 1, 2, 3, 4, 5, 678000, time.UTC)
	for i := range 50 {
		m := ItemMeta{ID: fmt.Sprintf("msg_%016d", i), ThreadID: "thr_0123456789abcdef", CreatedAt: at.Add(time.Duration(i) * time.Second)}
		if i%2 == 0 {
			p.Data = append(p.Data, &UserMessageItem{ItemMeta: m, Content: []UserMessageContent{&InputText{Text: strings.Repeat("How does this work? ", 10)}}})
			continue
		}
		p.Data = append(p.Data, &AssistantMessageItem{ItemMeta: m, Content: []AssistantMessageContent{{
			Text:        strings.Repeat("It works *like this*. ", 10),
			Annotations: []Annotation{{Source: &URLSource{SourceMeta: SourceMeta{Title: "Page"}, URL: "https://example.com/page"}, Index: ptr(10)}},
		}}})
	}
	return p
}

func BenchmarkEncodePage50(b *testing.B) {
	p := benchPage()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = appendItemPage(buf[:0], p); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkDecodePage50(b *testing.B) {
	data, err := appendItemPage(nil, benchPage())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("chatkit", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p Page[Item]
			if err := p.UnmarshalJSON(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json-any", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p any
			if err := json.Unmarshal(data, &p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncodeWidgetItem(b *testing.B) {
	component := `{"type":"Text","id":"t1","value":"Some text of a usual length","color":"secondary"}`
	it := &WidgetItem{ItemMeta: ItemMeta{ID: "msg_0123456789abcdef", ThreadID: "t"}, Widget: json.RawMessage(
		`{"type":"Card","children":[` + strings.Repeat(component+",", 59) + component + `]}`)}
	var buf []byte
	b.Run("chatkit", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			buf, _ = appendItem(buf[:0], it, wireForm)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(struct {
				ID     string          `json:"id"`
				Widget json.RawMessage `json:"widget"`
			}{it.ID, it.Widget})
		}
	})
}

func BenchmarkDecodeRequest(b *testing.B) {
	body := []byte(`{"type":"threads.add_user_message","params":{"thread_id":"thr_123","input":{"content":[{"type":"input_text","text":"How do I do this, and what does it cost me?"}],"attachments":[],"quoted_text":null,"inference_options":{"tool_choice":null,"model":"large"}}},"metadata":{}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeRequest(body); err != nil {
			b.Fatal(err)
		}
	}
}
