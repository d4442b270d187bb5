package golden

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

//go:embed chat.json
var chatDigests []byte

// Digests returns the digests of the chat recordings, by file name. They were checked by hand.
func Digests() (map[string]Digest, error) {
	var all map[string]Digest
	if err := json.Unmarshal(chatDigests, &all); err != nil {
		return nil, fmt.Errorf("read digests: %w", err)
	}
	return all, nil
}

// A Digest is what a chat recording comes down to.
type Digest struct {
	Text     string       `json:"text"`
	Refusal  string       `json:"refusal,omitempty"`
	Thoughts string       `json:"thoughts,omitempty"`
	Calls    []digestCall `json:"calls,omitempty"`
	Reason   agent.Reason `json:"reason"`
	Usage    agent.Usage  `json:"usage"`
	Error    string       `json:"error,omitempty"`
}

type digestCall struct {
	CallID    string `json:"call_id"`
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// Digested sums up a stream.
func Digested(src iter.Seq2[agent.Event, error]) Digest {
	var d Digest
	for e, err := range src {
		if err != nil {
			d.Error = short(err.Error())
			break
		}
		switch e := e.(type) {
		case *agent.TextDelta:
			if e.Refusal {
				d.Refusal += e.Text
			} else {
				d.Text += e.Text
			}
		case *agent.ThoughtDelta:
			d.Thoughts += e.Text
		case *agent.ToolCall:
			d.Calls = append(d.Calls, digestCall{e.CallID, e.Name, e.Arguments})
		case *agent.Finish:
			d.Reason, d.Usage = e.Reason, e.Usage
			if e.Err != nil {
				d.Error = short(e.Err.Error())
			}
		}
	}
	d.Text, d.Refusal, d.Thoughts = short(d.Text), short(d.Refusal), short(d.Thoughts)
	return d
}

// short keeps recorded texts, which belong to others, out of the golden file: both ends are enough to read,
// the sum is enough to compare.
func short(s string) string {
	if len(s) <= 100 {
		return s
	}
	head, tail := strings.ToValidUTF8(s[:30], ""), strings.ToValidUTF8(s[len(s)-30:], "")
	return fmt.Sprintf("%s … %s (%d bytes, %x)", head, tail, len(s), sha256.Sum256([]byte(s)))
}

// Chat checks all recordings of Chat Completions in dir against digests, by file name.
func Chat(ctx context.Context, dir string, want map[string]Digest) ([]Result, error) {
	files, err := recordings(filepath.Join(dir, "chat"))
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, file := range files {
		name := filepath.Base(file)
		body, err := agenttest.ReadStream(file)
		if err != nil {
			return nil, err
		}
		for _, p := range Paths {
			var err error
			w, ok := want[name]
			got := Digested(p.Read(ctx, body, true))
			if !ok {
				err = fmt.Errorf("no digest; got %s", digestText(got))
			} else if !reflect.DeepEqual(got, w) {
				err = fmt.Errorf("\n got %s\nwant %s", digestText(got), digestText(w))
			}
			out = append(out, Result{"chat/" + name + " (" + p.Name + ")", err})
		}
	}
	return out, nil
}

func digestText(d Digest) string {
	b, err := json.Marshal(d)
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(string(b), "\\u003c", "<")
}
