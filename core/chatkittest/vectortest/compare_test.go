package vectortest

import (
	"strings"
	"testing"
)

func TestCompareFollowsTheRulesOfTheVectors(t *testing.T) {
	tests := []struct {
		name      string
		got, want string
		problem   string // "" = none
	}{
		{"equal values", `{"a":[1,"x",null,true]}`, `{"a":[1,"x",null,true]}`, ""},
		{"order of members", `{"a":1,"b":2}`, `{"b":2,"a":1}`, ""},
		{"another text", `{"a":"x"}`, `{"a":"y"}`, `.a = "x", want "y"`},
		{"another type", `{"a":"1"}`, `{"a":1}`, `.a = "1", want 1`},
		{"a missing member", `{}`, `{"a":1}`, `.a is missing`},
		{"an extra member", `{"a":1}`, `{}`, `.a = 1, want no such member`},
		{"null is not absence", `{"a":null}`, `{}`, `.a = null, want no such member`},
		{"null is not empty", `{"a":null}`, `{"a":[]}`, `.a = null, want []`},
		{"an object for a list", `{"a":{}}`, `{"a":[]}`, `.a = {}, want []`},
		{"a list for an object", `{"a":[]}`, `{"a":{}}`, `.a = [], want {}`},
		{"too few elements", `[1]`, `[1,2]`, `has 1 elements, want 2, first missing one 2`},
		{"too many elements", `[1,2]`, `[1]`, `has 2 elements, want 1, first extra one 2`},
		{"numbers of one value", `[1,1.0,1e0,-0]`, `[1.0,1,10e-1,0]`, ""},
		{"large integers are exact", `[9007199254740993]`, `[9007199254740992]`, `want 9007199254740992`},
		{"huge exponents do not hang", `[1e999999999]`, `[1]`, `want 1`},
		{"a time with and without a zone", `{"created_at":"2025-12-31T10:00:00Z"}`, `{"created_at":"2025-12-31T10:00:00"}`, ""},
		{"a time in another zone", `{"created_at":"2025-12-31T11:00:00+01:00"}`, `{"created_at":"2025-12-31T10:00:00"}`, ""},
		{"a fraction of a second", `{"created_at":"2025-12-31T10:00:00.500000Z"}`, `{"created_at":"2025-12-31T10:00:00.5"}`, ""},
		{"another time", `{"created_at":"2025-12-31T10:00:01Z"}`, `{"created_at":"2025-12-31T10:00:00"}`, `want "2025-12-31T10:00:00"`},
		{"any time for the recording's", `{"created_at":"2031-05-06T07:08:09.123456Z"}`, `{"created_at":"2026-01-02T03:04:05"}`, ""},
		{"but a time it must be", `{"created_at":"now"}`, `{"created_at":"2026-01-02T03:04:05"}`, `is no time`},
		{"and text", `{"created_at":5}`, `{"created_at":"2026-01-02T03:04:05"}`, `must be text`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := comparer{}
			c.compare("", value(t, tt.got), value(t, tt.want))
			got := strings.Join(c.problems, "; ")
			if tt.problem == "" && got != "" || !strings.Contains(got, tt.problem) {
				t.Errorf("problems = %q, want %q", got, tt.problem)
			}
		})
	}
}

func TestDurationsAreComparedLooselyWhereAsked(t *testing.T) {
	for got, fine := range map[string]bool{`0`: true, `17`: true, `-1`: false, `1.5`: false, `"1"`: false} {
		c := comparer{durations: true}
		c.compare("", value(t, `{"duration":`+got+`}`), value(t, `{"duration":0}`))
		if (len(c.problems) == 0) != fine {
			t.Errorf("duration %s: problems = %q, want none: %v", got, c.problems, fine)
		}
	}
	c := comparer{}
	c.compare("", value(t, `{"duration":1}`), value(t, `{"duration":0}`))
	if len(c.problems) == 0 {
		t.Error("durations are compared loosely without being asked")
	}
}

func value(t *testing.T, s string) any {
	t.Helper()
	v, err := parse([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestBytesAreComparedWithoutZonesAndIDs(t *testing.T) {
	got := `{"created_at":"2026-01-02T03:04:05Z"},{"created_at":"2026-01-02T03:04:05.000001Z","text":"2026-01-02T03:04:05Z"}`
	want := `{"created_at":"2026-01-02T03:04:05"},{"created_at":"2026-01-02T03:04:05.000001","text":"2026-01-02T03:04:05Z"}`
	if s := zone.ReplaceAllString(got, "$1"); s != want {
		t.Errorf("without zones = %s, want %s", s, want)
	}
}
