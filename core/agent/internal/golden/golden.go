// Package golden compares what this project makes of recorded model streams with what it should: for the
// Responses API, with the thread events of the reference SDK; for Chat Completions, with a digest of our
// own that was checked by hand.
package golden

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// Exceptions are the recordings for which the reference is known to be wrong, with the reason.
var Exceptions = map[string]string{
	"vercel-github-copilot-id-rotation.chunks.txt": "every event of an item has another id, and the reference follows them: its client gets updates of items it never got",
}

// A Path is a way of reading a stream.
type Path struct {
	Name string
	Read func(ctx context.Context, body []byte, chat bool) iter.Seq2[agent.Event, error]
}

// Paths are the ways that must all give the same events.
var Paths = []Path{
	{"body reader", readBody},
	{"body reader, one byte at a time", readBytes},
	{"HTTP client", readHTTP},
}

func readBody(_ context.Context, body []byte, chat bool) iter.Seq2[agent.Event, error] {
	if chat {
		return oaiwire.ChatStream(bytes.NewReader(body))
	}
	return oaiwire.ResponsesStream(bytes.NewReader(body), oaiwire.KeepIDs(true))
}

// slow gives out one byte at a time.
type slow struct{ r *bytes.Reader }

func (s slow) Read(p []byte) (int, error) { return s.r.Read(p[:min(1, len(p))]) }

func readBytes(_ context.Context, body []byte, chat bool) iter.Seq2[agent.Event, error] {
	if chat {
		return oaiwire.ChatStream(slow{bytes.NewReader(body)})
	}
	return oaiwire.ResponsesStream(slow{bytes.NewReader(body)}, oaiwire.KeepIDs(true))
}

func readHTTP(ctx context.Context, body []byte, chat bool) iter.Seq2[agent.Event, error] {
	return func(yield func(agent.Event, error) bool) {
		srv := agenttest.NewServer(agenttest.Script{Body: string(body), Piece: 1400})
		defer srv.Close()
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		c := &oaiwire.Client{BaseURL: srv.BaseURL(), HTTP: &http.Client{Transport: transport}, Options: []oaiwire.Option{oaiwire.KeepIDs(true)}}
		src := c.Responses(ctx, map[string]any{"model": "m"})
		if chat {
			src = c.Chat(ctx, map[string]any{"model": "m"})
		}
		for e, err := range src {
			if !yield(e, err) {
				return
			}
		}
	}
}

// A Result is one recording, read in one way.
type Result struct {
	Name string
	Err  error // nil if it passed
}

// Responses checks all recordings of the Responses API in dir.
func Responses(ctx context.Context, dir string) ([]Result, error) {
	files, err := recordings(filepath.Join(dir, "responses"))
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, file := range files {
		name := filepath.Base(file)
		want, err := lines(filepath.Join(dir, "responses-golden", name+".jsonl"))
		if err != nil {
			return nil, err
		}
		body, err := agenttest.ReadStream(file)
		if err != nil {
			return nil, err
		}
		for _, p := range Paths {
			got, err := Thread(p.Read(ctx, body, false), agent.Parity())
			if err == nil {
				err = compare(got, want)
			}
			if reason := Exceptions[name]; reason != "" {
				if err == nil {
					err = fmt.Errorf("equals the reference, although that is wrong: %s", reason)
				} else {
					err = Whole(got)
				}
			}
			out = append(out, Result{"responses/" + name + " (" + p.Name + ")", err})
		}
	}
	return out, nil
}

func recordings(dir string) ([]string, error) {
	var out []string
	for _, ext := range []string{"*.chunks.txt", "*.sse.txt", "*.sse"} {
		files, err := filepath.Glob(filepath.Join(dir, ext))
		if err != nil {
			return nil, err
		}
		out = append(out, files...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no recordings in %s", dir)
	}
	return out, nil
}

// Thread returns the thread events of a run as JSON, in the normal form of the golden files: times are
// "T", durations 0, and two lines that are no events for what was stored and for an error.
func Thread(src iter.Seq2[agent.Event, error], opts ...agent.Option) ([]any, error) {
	rec := agenttest.NewRecorder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	b := agent.NewBridge(rec, "thr_1", nil, opts...)
	_, failed := b.Run(context.Background(), src)
	var out []any
	add := func(v any) error {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		var o any
		if err := json.Unmarshal(raw, &o); err != nil {
			return err
		}
		normalize(o)
		out = append(out, o)
		return nil
	}
	for _, e := range rec.Events() {
		if err := add(e); err != nil {
			return nil, err
		}
	}
	for _, it := range rec.Kept() {
		if err := add(map[string]any{"type": "@store_add", "item": it}); err != nil {
			return nil, err
		}
	}
	if failed != nil {
		out = append(out, map[string]any{"type": "@raised", "error": failed.Error()})
	}
	return out, nil
}

func normalize(v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			switch k {
			case "created_at":
				v[k] = "T"
			case "duration":
				v[k] = 0.0
			default:
				normalize(e)
			}
		}
	case []any:
		for _, e := range v {
			normalize(e)
		}
	}
}

func lines(file string) ([]any, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read golden file: %w", err)
	}
	var out []any
	for line := range bytes.Lines(data) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var v any
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, fmt.Errorf("read golden file %s: %w", file, err)
		}
		out = append(out, v)
	}
	return out, nil
}

func compare(got, want []any) error {
	for i := range max(len(got), len(want)) {
		var g, w any
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		// An exception has another text in every language.
		if typ(g) == "@raised" && typ(w) == "@raised" {
			continue
		}
		if !reflect.DeepEqual(g, w) {
			return fmt.Errorf("line %d:\n got %s\nwant %s", i+1, text(g), text(w))
		}
	}
	return nil
}

func typ(v any) string {
	o, _ := v.(map[string]any)
	s, _ := o["type"].(string)
	return s
}

func text(v any) string {
	if v == nil {
		return "nothing"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if len(b) > 600 {
		b = append(b[:600], "…"...)
	}
	return string(b)
}

// Whole checks what must hold for every run: an item is announced once, updates name an item that is
// open, and each is finished, removed or stored. A run that failed may leave messages open.
func Whole(got []any) error {
	open := map[string]bool{}
	seen := map[string]bool{}
	failed := false
	for _, v := range got {
		o, _ := v.(map[string]any)
		item, _ := o["item"].(map[string]any)
		id, _ := item["id"].(string)
		switch typ(v) {
		case "thread.item.added":
			if seen[id] {
				return fmt.Errorf("item %s announced twice", id)
			}
			seen[id], open[id] = true, true
		case "thread.item.updated":
			if id, _ = o["item_id"].(string); !open[id] {
				return fmt.Errorf("update of item %s, which is not open", id)
			}
		case "thread.item.done":
			if seen[id] && !open[id] {
				return fmt.Errorf("item %s done twice", id)
			}
			seen[id] = true
			delete(open, id)
		case "@store_add":
			delete(open, id)
		case "thread.item.removed":
			id, _ = o["item_id"].(string)
			if !seen[id] {
				return fmt.Errorf("item %s removed, but never announced", id)
			}
			delete(open, id)
		case "@raised":
			failed = true
		}
	}
	if len(open) > 0 && !failed {
		return fmt.Errorf("%d items left open", len(open))
	}
	return nil
}
