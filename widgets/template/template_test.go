package widgettemplate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/gochatkit/chatkit/core/widget"
)

// outside are constructs of the reference's engine that this package refuses.
var outside = map[string]bool{
	"expr: format": true, "expr: format filter": true, "expr: format method": true, "macro": true, "filter block": true,
}

// testdata/reference.json holds what the reference renders for each template, and the wire form of the widget.
func TestTemplatesRenderWhatTheReferenceRenders(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "reference.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Template        string
		Data                  json.RawMessage
		Rendered, Wire, Error string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 150 {
		t.Fatalf("%d cases, want more", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			var root *widget.Dynamic
			tmpl, err := New(c.Name, c.Template, nil)
			var text string
			if err == nil {
				if text, err = tmpl.text(t.Context(), c.Data); err == nil {
					root, err = tmpl.Render(t.Context(), c.Data)
				}
			}
			if c.Error != "" || outside[c.Name] {
				var te *Error
				if err == nil {
					t.Fatalf("rendered %s, want an error: %s", text, c.Error)
				}
				if root != nil || text == "" && !errors.As(err, &te) && !errors.As(err, new(*lineError)) {
					t.Logf("error without a place: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v\nwant %s", err, c.Rendered)
			}
			if text != c.Rendered && c.Name != "tojson with indent" {
				t.Errorf("rendered\n got %q\nwant %q", text, c.Rendered)
			}
			raw, err := widget.Encode(root)
			if err != nil {
				t.Fatal(err)
			}
			got := widget.StripNulls(nil, raw)
			if c.Name == "big numbers" { // which the reference reads and writes anew
				got, c.Wire = canonical(t, got), string(canonical(t, []byte(c.Wire)))
			}
			if string(got) != c.Wire {
				t.Errorf("wire form\n got %s\nwant %s", got, c.Wire)
			}
		})
	}
}

func canonical(t *testing.T, b []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("decode %s: %v", b, err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func render(t *testing.T, text string, data any, limits Limits) (string, error) {
	t.Helper()
	tmpl, err := New("t", text, &Options{Limits: limits})
	if err != nil {
		return "", err
	}
	root, err := tmpl.Render(t.Context(), data)
	if err != nil {
		return "", err
	}
	b, err := widget.Encode(root)
	return string(b), err
}

func TestRenderTakesGoValues(t *testing.T) {
	type row struct {
		ID string `json:"id"`
		On bool   `json:"on,omitempty"`
	}
	const text = `{"type":"Card","children":[],"v":{{ rows | tojson }}}`
	const want = `{"type":"Card","children":[],"v":[{"id":"<a>"},{"id":"b","on":true}]}`
	for _, data := range []any{
		struct {
			Rows []row `json:"rows"`
		}{[]row{{ID: "<a>"}, {"b", true}}},
		map[string]any{"rows": []row{{ID: "<a>"}, {"b", true}}},
		json.RawMessage(`{"rows":[{"id":"\u003ca\u003e"},{"on":true,"id":"b"}]}`),
	} {
		got, err := render(t, text, data, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if string(canonical(t, []byte(got))) != string(canonical(t, []byte(want))) || !strings.Contains(got, "<a>") {
			t.Errorf("Render(%T) = %s, want %s", data, got, want)
		}
	}
	for _, data := range []any{1, "x", []int{}, json.RawMessage("{"), make(chan int), json.RawMessage(`{"a":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}")} {
		if got, err := render(t, `{"type":"Card"}`, data, Limits{}); err == nil {
			t.Errorf("Render(%T) = %s, want an error", data, got)
		}
	}
}

func TestErrorsNameTheTemplateAndTheLine(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an undefined name", "{\"type\":\n\n{{ nope }}}", `widget template t: line 3: 'nope' is undefined`},
		{"a syntax error", "\n{% if %}", `widget template t: line 2: unexpected end of a tag`},
		{"an unknown tag", "\n\n{% include 'x' %}", `widget template t: line 3: unknown tag "include"`},
		{"an unknown filter", `{{ 1|attr("x") }}`, `widget template t: line 1: unknown filter "attr"`},
		{"an unknown test", `{{ 1 is filter }}`, `widget template t: line 1: unknown test "filter"`},
		{"no JSON", `{`, `widget template t: validate widget: unexpected end of JSON`},
		{"no root", `{"type":"Row"}`, `widget template t: Row: a widget's root is a Card, a ListView or a Basic`},
		{"a lost end", `{% for x in [1] %}`, `widget template t: line 1: the template ends where else or endfor was expected`},
		{"a call of no function", `{{ 1() }}`, `widget template t: line 1: an integer cannot be called`},
		{"an argument too many", `{{ "a"|upper(1) }}`, `widget template t: line 1: filter upper: 1 arguments, want at most 0`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := render(t, tt.text, nil, Limits{})
			var te *Error
			if !errors.As(err, &te) || err.Error() != tt.want {
				t.Errorf("error = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestATemplateReachesNothingButItsData(t *testing.T) {
	t.Setenv("SECRET", "s3cret")
	for _, text := range []string{
		`{% include "/etc/passwd" %}`, `{% import "x" as x %}`, `{% extends "x" %}`, `{% from "x" import y %}`, `{% macro m() %}{% endmacro %}`,
		`{{ ''.__class__ }}`, `{{ [].__class__.__mro__ }}`, `{{ range.__globals__ }}`, `{{ self }}`, `{{ config }}`, `{{ env.SECRET }}`, `{{ namespace.__init__ }}`,
		`{{ data.Secret }}`, `{{ data.Reveal() }}`, `{{ lipsum() }}`, `{{ cycler }}`, `{{ open("/etc/passwd") }}`, `{% do 1 %}`,
	} {
		got, err := render(t, text, map[string]any{"data": secretive{Secret: "s3cret"}}, Limits{})
		if err == nil {
			t.Errorf("%s rendered %s", text, got)
		}
		if strings.Contains(got, "s3cret") {
			t.Errorf("%s gave the secret away", text)
		}
	}
}

type secretive struct {
	Secret string `json:"-"`
}

func (secretive) Reveal() string { return "s3cret" }

func TestLimits(t *testing.T) {
	loops := `{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}`
	tests := []struct {
		name, text string
		limits     Limits
	}{
		{"a long source", `{"type":"Card"}` + strings.Repeat(" ", 300<<10), Limits{}},
		{"a long output", `{% for a in range(100000) %}0123456789ABCDEF{% endfor %}`, Limits{}},
		{"a small output", `{"type":"Card","children":[]}`, Limits{Output: 10}},
		{"many steps without output", loops, Limits{}},
		{"few steps", `{% for a in range(100) %}{% endfor %}{"type":"Card"}`, Limits{Steps: 100}},
		{"a long range", `{{ range(2000000000) }}`, Limits{}},
		{"a text that doubles", `{% set ns = namespace(s="0123456789") %}{% for a in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}`, Limits{}},
		{"a list that doubles", `{% set ns = namespace(s=[1]) %}{% for a in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}`, Limits{}},
		{"a list that is extended by itself", `{% set l = [1] %}{% for a in range(64) %}{% set _ = l.extend(l) %}{% endfor %}`, Limits{}},
		{"a repeated text", `{{ "abc" * 1000000000 }}`, Limits{}},
		{"a repeated list", `{{ [1] * 1000000000 }}`, Limits{}},
		{"a replacement that grows", `{% set s = "a" * 100000 %}{{ s|replace("a", s) }}`, Limits{}},
		{"a join that grows", `{% set s = "a" * 100000 %}{{ ([s] * 1000)|join(s) }}`, Limits{}},
		{"a batch that is filled up", `{{ [1]|batch(2000000000, 0) }}`, Limits{}},
		{"a captured text", `{% set x %}{% for a in range(100000) %}0123456789ABCDEF{% endfor %}{% endset %}`, Limits{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := render(t, tt.text, nil, tt.limits); !errors.Is(err, ErrLimit) {
				t.Errorf("rendered %.100s, error %v, want ErrLimit", got, err)
			}
		})
	}
	for _, text := range []string{
		`{{ 10 ** 100000 }}`, `{{ 2 ** 99999999999999999999 }}`, `{% set l = [] %}{% set _ = l.append(l) %}{{ l }}`, `{% set l = [] %}{% set _ = l.append(l) %}{{ l|tojson }}`,
		`{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l == m }}`, `{{ 1e308 * 10 }}`,
		strings.Repeat("(", 100000), strings.Repeat("{% if 1 %}", 10000), "{{ " + strings.Repeat("-", 100000) + "1 }}", "{{ " + strings.Repeat("not ", 50000) + "1 }}", "{{ " + strings.Repeat("[", 50000),
	} {
		if got, err := render(t, text, nil, Limits{}); err == nil {
			t.Errorf("%.60s rendered %.100s", text, got)
		}
	}
}

func TestRenderStopsWithItsContext(t *testing.T) {
	gone := errors.New("client went away")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	tmpl, err := New("t", `{% for a in range(100000) %}{% endfor %}{"type":"Card"}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tmpl.Render(ctx, nil); !errors.Is(err, gone) {
		t.Errorf("Render() = %v, want %v", err, gone)
	}
}

func TestParseChecksTheFile(t *testing.T) {
	tmpl, err := Parse([]byte(`{"version":"1.0","name":"n","template":"{\"type\":\"Card\"}","jsonSchema":{"type":"object"},"outputJsonPreview":{},"encodedWidget":"x"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	if tmpl.Name() != "n" || string(tmpl.Schema()) != `{"type":"object"}` {
		t.Errorf("Name() = %q, Schema() = %s", tmpl.Name(), tmpl.Schema())
	}
	for _, bad := range []string{
		``, `[]`, `{"name":"n","template":""}`, `{"version":1.0,"name":"n","template":""}`, `{"version":"1.1","name":"n","template":""}`,
		`{"version":"1.0","template":""}`, `{"version":"1.0","name":"n"}`, `{"version":"1.0","name":"n","template":1}`, `{"version":"1.0","name":"n","template":"{{"}`,
	} {
		if _, err := Parse([]byte(bad), nil); err == nil {
			t.Errorf("Parse(%s) worked", bad)
		}
	}
	if tmpl, err = Parse([]byte(`{"version":"1.0","name":"n","template":""}`), nil); err != nil || string(tmpl.Schema()) != "{}" {
		t.Errorf("Parse() without a schema: %v", err)
	}
}

func TestSetCompilesOnce(t *testing.T) {
	files := fstest.MapFS{
		"a.widget": {Data: []byte(`{"version":"1.0","name":"a","template":"{\"type\":\"Card\",\"n\":{{ n }}}"}`)},
		"b.widget": {Data: []byte(`{"version":"1.0","name":"b","template":"{% nope %}"}`)},
	}
	s := NewSet(files, nil)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			root, err := s.Render(t.Context(), "a.widget", map[string]int{"n": n})
			if err != nil {
				t.Error(err)
				return
			}
			if b, _ := widget.Encode(root); string(b) != fmt.Sprintf(`{"type":"Card","n":%d}`, n) {
				t.Errorf("Render(%d) = %s", n, b)
			}
		})
	}
	wg.Wait()
	first, err := s.Template("a.widget")
	if err != nil {
		t.Fatal(err)
	}
	files["a.widget"].Data = nil
	if second, err := s.Template("a.widget"); err != nil || first != second {
		t.Errorf("the second Template() is another one, %v", err)
	}
	for _, name := range []string{"b.widget", "none.widget", "../a.widget"} {
		if _, err := s.Template(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("Template(%s) = %v, want an error that names it", name, err)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "reference.json"))
	if err != nil {
		f.Fatal(err)
	}
	var cases []struct{ Template string }
	if err := json.Unmarshal(b, &cases); err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Template)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := New("t", text, &Options{Limits: Limits{Source: 4 << 10, Output: 4 << 10, Steps: 5_000}})
		if err != nil {
			return
		}
		root, err := tmpl.Render(t.Context(), json.RawMessage(`{"a":1,"s":"x","xs":[1,2],"m":{"k":null}}`))
		if err != nil {
			return
		}
		if _, err := widget.Encode(root); err != nil {
			t.Errorf("rendered a widget that is none: %v", err)
		}
	})
}
