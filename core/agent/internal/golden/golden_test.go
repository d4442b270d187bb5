package golden

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

var update = flag.Bool("update", false, "write the digests of the chat recordings; check them by hand afterwards")

// write writes what we make of the recordings now. The file is read at build time, so run the test again.
func write(t *testing.T) {
	t.Helper()
	dir := fixtures(t)
	files, err := recordings(filepath.Join(dir, "chat"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Digest{}
	for _, file := range files {
		body, err := agenttest.ReadStream(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = Digested(readBody(t.Context(), body, true))
	}
	b, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("chat.json", append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := agenttest.Fixtures()
	if errors.Is(err, agenttest.ErrNoFixtures) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestResponsesRecordingsGiveTheReferencesThreadEvents(t *testing.T) {
	results, err := Responses(t.Context(), fixtures(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		t.Run(r.Name, func(t *testing.T) {
			if r.Err != nil {
				t.Error(r.Err)
			}
		})
	}
}

func TestChatRecordingsGiveTheirDigests(t *testing.T) {
	if *update {
		write(t)
	}
	want, err := Digests()
	if err != nil {
		t.Fatal(err)
	}
	results, err := Chat(t.Context(), fixtures(t), want)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		t.Run(r.Name, func(t *testing.T) {
			if r.Err != nil {
				t.Error(r.Err)
			}
		})
	}
}

func TestAllRecordingsGiveWholeItems(t *testing.T) {
	dir := fixtures(t)
	options := map[string][]agent.Option{
		"as shipped": nil,
		"everything shown": {
			agent.ShowRawThoughts(), agent.ShowHostedTools(), agent.CommentaryAsThoughts(), agent.DelayReasoning(), agent.PartialImages(3),
		},
	}
	for _, api := range []string{"responses", "chat"} {
		files, err := recordings(filepath.Join(dir, api))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			body, err := agenttest.ReadStream(file)
			if err != nil {
				t.Fatal(err)
			}
			for name, opts := range options {
				t.Run(api+"/"+filepath.Base(file)+", "+name, func(t *testing.T) {
					got, err := Thread(readBody(t.Context(), body, api == "chat"), opts...)
					if err != nil {
						t.Fatal(err)
					}
					if err := Whole(got); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}
