package oaiwire

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestUnquoteJoinsACharacterThatWasCutInTwo(t *testing.T) {
	tests := []struct {
		name   string
		deltas []string
		want   string
		rest   bool
	}{
		{"a pair in one delta", []string{`"\ud83d\ude00"`}, "😀", false},
		{"a pair over two deltas", []string{`"a\ud83d"`, `"\ude00b"`}, "a😀b", false},
		{"a low half alone", []string{`"\ude00"`}, "\ufffd", false},
		{"a high half before a letter", []string{`"\ud83dx"`}, "\ufffdx", false},
		{"a high half, then plain text", []string{`"\ud83d"`, `"x"`}, "\ufffdx", false},
		{"two high halves, then a low one", []string{`"\ud83d"`, `"\ud83d\ude00"`}, "\ufffd😀", false},
		{"a high half at the end", []string{`"a\ud83d"`}, "a", true},
		{"raw characters", []string{`"héllo 😀"`}, "héllo 😀", false},
		{"all escapes", []string{`"\"\\\/\b\f\n\r\t\u00e9"`}, "\"\\/\b\f\n\r\té", false},
		{"invalid UTF-8", []string{"\"a\xffb\""}, "a\ufffdb", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got strings.Builder
			var half rune
			for _, d := range tt.deltas {
				s, rest, ok := unquote([]byte(d), half)
				if !ok {
					t.Fatalf("unquote(%s) failed", d)
				}
				half = rest
				got.WriteString(s)
			}
			if got.String() != tt.want {
				t.Errorf("text = %q, want %q", got.String(), tt.want)
			}
			if (half != 0) != tt.rest {
				t.Errorf("half left over = %v, want %v", half != 0, tt.rest)
			}
		})
	}
}

func TestEachFieldAgreesWithTheStandardLibrary(t *testing.T) {
	for _, in := range []string{
		`{}`, `{"a":1}`, ` { "a" : "x\"}" , "b":[1,{"c":"]"}] ,"d":null} `, `{"a":"\\"}`, `{"a":"\\\""}`,
		`[1]`, `{"a"}`, `{"a":}`, `{"a":1`, `{"a":1,}`, `{"a":1}}`, `"a"`, ``, `{`, `{"a":"x}`, `{"a":[}`,
	} {
		n := 0
		ok := eachField([]byte(in), func(_, val []byte) bool { n++; return true })
		var want map[string]json.RawMessage
		valid := json.Unmarshal([]byte(in), &want) == nil && want != nil
		if valid && (!ok || n != len(want)) {
			t.Errorf("eachField(%s) = %v with %d fields, want %d", in, ok, n, len(want))
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"type":"response.output_text.delta","delta":"\ud83d","output_index":-1}`))
	f.Add([]byte(`{"a":[{"b":"\\"}],"c":nul}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		got := map[string]string{}
		ok := eachField(in, func(key, val []byte) bool { got[string(key)] = string(val); return true })
		var want map[string]json.RawMessage
		if json.Unmarshal(in, &want) == nil && want != nil {
			if !ok {
				t.Fatalf("eachField refused %s", in)
			}
			for k, v := range want {
				if raw, plain := got[k]; plain && !strings.ContainsAny(k, "\\\ufffd") && strings.TrimSpace(raw) != string(v) {
					t.Fatalf("field %q = %s, want %s", k, raw, v)
				}
			}
		}
		var s string
		if json.Unmarshal(in, &s) == nil && len(in) > 1 && in[0] == '"' && in[len(in)-1] == '"' {
			text, half, ok := unquote(in, 0)
			if half != 0 {
				text += string(utf8.RuneError)
			}
			if !ok || text != s {
				t.Fatalf("unquote(%s) = %q, %v, want %q", in, text, ok, s)
			}
		}
	})
}
