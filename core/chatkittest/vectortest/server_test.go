package vectortest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

const own = "../../testdata/vectors"

func TestVectorsInProcess(t *testing.T) {
	vectortest.Run(t, vectortest.Dir(own), vectortest.InProcess, nil)
}

func TestAnyChangeOfAVectorIsNoticed(t *testing.T) {
	// What the vectors demand is changed, one thing at a time: none may pass then.
	changes := []struct {
		name   string
		change func(vector, exchange, expect map[string]any) bool
	}{
		{"one event more", func(_, _, expect map[string]any) bool {
			events, ok := expect["events"].([]any)
			if !ok || expect["ended_by"] != nil || len(events) == 0 {
				return false
			}
			expect["events"] = append(events, map[string]any{"type": "progress_update", "text": "more"})
			return true
		}},
		{"one event less", func(_, _, expect map[string]any) bool {
			events, ok := expect["events"].([]any)
			if !ok || expect["ended_by"] != nil || len(events) < 2 {
				return false
			}
			last, _ := events[len(events)-1].(map[string]any)
			if item, _ := last["item"].(map[string]any); item["type"] == "hidden_context_item" {
				return false
			}
			expect["events"] = events[:len(events)-1]
			return true
		}},
		{"another first event", func(_, _, expect map[string]any) bool {
			events, ok := expect["events"].([]any)
			if !ok || len(events) == 0 || expect["ended_by"] != nil && expect["ended_by"] != "cancelled" {
				return false
			}
			events[0] = map[string]any{"type": "progress_update", "text": "more"}
			return true
		}},
		{"another body", func(_, _, expect map[string]any) bool {
			body, ok := expect["body"].(map[string]any)
			if ok {
				body["more"] = true
			}
			return ok
		}},
		{"a refusal", func(_, _, expect map[string]any) bool {
			if expect["kind"] != "json" {
				return false
			}
			expect["kind"] = "rejected"
			return true
		}},
		{"an answer instead of a refusal", func(vector, x, expect map[string]any) bool {
			raw, isRaw := x["raw"].(string)
			// Some are refused even where the reference answers.
			if expect["kind"] != "rejected" || isRaw && !json.Valid([]byte(raw)) ||
				vector["name"] == "bad-request-base64" || vector["name"] == "bad-request-deep" {
				return false
			}
			expect["kind"], expect["body"] = "json", map[string]any{}
			return true
		}},
		{"something else given to a hook", func(_, _, expect map[string]any) bool {
			if expect["seen"] == nil || expect["kind"] == "rejected" {
				return false
			}
			expect["seen"] = []any{"msg_other"}
			return true
		}},
		{"another deletion", func(_, _, expect map[string]any) bool {
			if expect["attachments_deleted"] == nil {
				return false
			}
			expect["attachments_deleted"] = []any{}
			return true
		}},
		{"one thread more at the end", func(vector, _, _ map[string]any) bool {
			final := vector["final"].(map[string]any)
			final["threads"] = append(final["threads"].([]any), map[string]any{"id": "thr_more", "created_at": "2026-01-02T03:04:05"})
			return true
		}},
		{"one item less at the end", func(vector, _, _ map[string]any) bool {
			for _, list := range vector["final"].(map[string]any)["items"].(map[string]any) {
				items := list.([]any)
				items[len(items)-1] = map[string]any{"id": "other"}
				return true
			}
			return false
		}},
		{"one attachment less at the end", func(vector, _, _ map[string]any) bool {
			final := vector["final"].(map[string]any)
			if len(final["attachments"].([]any)) == 0 {
				return false
			}
			final["attachments"] = []any{}
			return true
		}},
	}
	files, err := filepath.Glob(filepath.Join(own, "server", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("vectors: %d, %v", len(files), err)
	}
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "server"), 0o755); err != nil {
				t.Fatal(err)
			}
			changed := 0
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				var v map[string]any
				if err := json.Unmarshal(data, &v); err != nil {
					t.Fatal(err)
				}
				exchanges := v["exchanges"].([]any)
				x := exchanges[len(exchanges)-1].(map[string]any)
				if !c.change(v, x, x["expect"].(map[string]any)) {
					continue
				}
				changed++
				if data, err = json.Marshal(v); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "server", filepath.Base(file)), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if changed == 0 {
				t.Fatal("no vector was changed")
			}
			outcomes, err := vectortest.Server(t.Context(), dir, vectortest.InProcess, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range outcomes {
				if o.Passed() {
					t.Errorf("%s passes", o.Name)
				}
			}
		})
	}
}
