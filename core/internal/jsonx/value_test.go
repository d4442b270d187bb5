package jsonx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", "unexpected end"},
		{"white space", " \n", "unexpected end"},
		{"a byte order mark", "\xEF\xBB\xBF{}", "unexpected character"},
		{"an open object", `{`, "unexpected end"},
		{"an open array", `[1`, "unexpected end"},
		{"an open member", `{"a"`, "want a colon"},
		{"a member without value", `{"a":`, "unexpected end"},
		{"a member without name", `{1:2}`, "want the name"},
		{"a trailing comma in an object", `{"a":1,}`, "want the name"},
		{"a trailing comma in an array", `[1,]`, "unexpected character"},
		{"a leading comma", `[,1]`, "unexpected character"},
		{"two values", `{} {}`, "unexpected data"},
		{"data behind", `{}x`, "unexpected data"},
		{"a null byte behind", "{}\x00", "unexpected data"},
		{"the wrong bracket", `[}`, "unexpected character"},
		{"the wrong brace", `{"a":1]`, "unexpected character"},
		{"a missing comma", `[1 2]`, "unexpected character"},
		{"a raw newline in a string", "[\"a\nb\"]", "control character"},
		{"a raw null in a string", "[\"\x00\"]", "control character"},
		{"bad UTF-8 in a string", "[\"\xff\"]", "not UTF-8"},
		{"a cut character", "[\"\xe6\xbc\"]", "not UTF-8"},
		{"a surrogate in UTF-8", "[\"\xed\xa0\x80\"]", "not UTF-8"},
		{"bad UTF-8 in a name", "{\"\xff\":1}", "not UTF-8"},
		{"an open string", `["abc`, "unfinished string"},
		{"a string that ends in an escape", `["abc\`, "unfinished string"},
		{"an unknown escape", `["\x41"]`, "bad escape"},
		{"a short unicode escape", `["\u12"]`, "bad escape"},
		{"a high surrogate alone", `["\ud800"]`, "half a surrogate pair"},
		{"a high surrogate and text", `["\ud800abcdef"]`, "half a surrogate pair"},
		{"two high surrogates", `["\ud800\ud800"]`, "half a surrogate pair"},
		{"a low surrogate alone", `["\udc00"]`, "half a surrogate pair"},
		{"a surrogate in a name", `{"\ud800":1}`, "half a surrogate pair"},
		{"NaN", `[NaN]`, "unexpected character"},
		{"Infinity", `[-Infinity]`, "bad number"},
		{"a leading zero", `[01]`, "bad number"},
		{"a plus", `[+1]`, "unexpected character"},
		{"a bare point", `[.5]`, "unexpected character"},
		{"a point at the end", `[1.]`, "bad number"},
		{"an empty exponent", `[1e]`, "bad number"},
		{"a hex number", `[0x1]`, "unexpected character"},
		{"single quotes", `['a']`, "unexpected character"},
		{"a comment", `[1 // one
		]`, "unexpected character"},
		{"a misspelt literal", `[nul]`, "unexpected character"},
		{"capitals", `[True]`, "unexpected character"},
		{"two members of the same name", `{"a":1,"b":2,"a":3}`, "two members"},
		{"two members of the same name, once escaped", `{"a":1,"\u0061":3}`, "two members"},
		{"two members of the same name, deep inside", `{"x":[{"y":{"a":1,"a":1}}]}`, "two members"},
		{"two members of the same name behind an object", `{"a":{"b":1},"a":1}`, "two members"},
		{"two empty names", `{"":1,"":1}`, "two members"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.in), 0)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Parse() = %v, want a SyntaxError with %q", err, c.want)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	for _, in := range []string{
		` {} `, "\t[\r\n]\n", `null`, `true`, `false`, `0`, `-0`, `-0.0e-0`, `1e400`, `123456789012345678901234567890`,
		`""`, `"\ud83d\ude00"`, `"\u0000"`, `"\/"`, "\"\u2028\"", "\"\x7f\"", `{"":{}}`, `{"a":{"a":1},"b":{"a":1}}`,
		`[{"a":1},{"a":1}]`, `{"a":1,"A":1}`, `[[[]],{},[{}]]`, "\"\uFFFD\"", "\"\uFEFF\"",
	} {
		if _, err := Parse([]byte(in), 0); err != nil {
			t.Errorf("Parse(%s): %v", in, err)
		}
	}
}

func TestParseCountsDepth(t *testing.T) {
	for _, c := range []struct{ nest, limit int }{{64, 0}, {3, 3}, {1, 1}, {9000, 9000}} {
		in := strings.Repeat("[", c.nest) + strings.Repeat("]", c.nest)
		if _, err := Parse([]byte(in), c.limit); err != nil {
			t.Errorf("Parse of depth %d with limit %d: %v", c.nest, c.limit, err)
		}
		in = "[" + in + "]"
		if _, err := Parse([]byte(in), c.limit); err == nil || !strings.Contains(err.Error(), "too deep") {
			t.Errorf("Parse of depth %d with limit %d: %v, want an error", c.nest+1, c.limit, err)
		}
	}
	deep := []byte(strings.Repeat(`{"a":[`, 1_000_000))
	if _, err := Parse(deep, 0); err == nil {
		t.Error("Parse of a very deep document gave no error")
	}
}

func TestErrorsHoldNothingOfTheInput(t *testing.T) {
	for _, in := range []string{`{"secret":1,"secret":2}`, `{"a":secret}`, `["secret`, `{"secret" 1}`, `["\secret"]`} {
		if _, err := Parse([]byte(in), 0); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Parse(%s) = %v, want an error without the input in it", in, err)
		}
	}
}

func TestDuplicatesAreFoundInLargeObjects(t *testing.T) {
	for _, n := range []int{7, 8, 9, 100, 10000} {
		var b bytes.Buffer
		b.WriteByte('{')
		for i := range n {
			fmt.Fprintf(&b, `"key %d":%d,`, i, i)
		}
		good := b.String() + `"last":1}`
		if _, err := Parse([]byte(good), 0); err != nil {
			t.Errorf("Parse of %d members: %v", n+1, err)
		}
		bad := b.String() + `"key 5":1}`
		if _, err := Parse([]byte(bad), 0); err == nil {
			t.Errorf("Parse of %d members and one twice gave no error", n+1)
		}
		bad = b.String() + `"\u006bey 5":1}`
		if _, err := Parse([]byte(bad), 0); err == nil {
			t.Errorf("Parse of %d members and one twice, once escaped, gave no error", n+1)
		}
	}
}

// The time of encoding/json is the measure, so that a busy machine changes both. A quadratic parser takes
// hundreds of times as long as it on documents of this size.
func TestParseIsLinear(t *testing.T) {
	const n = 100_000
	list := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()[1:]
	}
	middle := `,{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1}`
	for name, in := range map[string]string{
		"names":                    "{" + list(`,"%d":0`) + "}",
		"escaped names":            "{" + list(`,"\u0041%d":0`) + "}",
		"a large object and small": "[{" + list(`,"%d":0`) + "}" + strings.Repeat(middle, n/10) + "]",
		"backslashes":              `["` + strings.Repeat(`\\`, n) + `"]`,
		"quotes":                   `["` + strings.Repeat(`\"`, n) + `"]`,
		"brackets":                 "[" + strings.Repeat("[],", n) + "1]",
		"bad UTF-8":                `["` + strings.Repeat("\xff", n) + `"]`,
	} {
		t.Run(name, func(t *testing.T) {
			in := []byte(in)
			want := fastest(func() {
				var v any
				_ = json.Unmarshal(in, &v)
			})
			got := fastest(func() {
				v, _ := Scan(in)
				_, _ = Parse(in, 0)
				for range v.Members() {
				}
				for e := range v.Elements() {
					_ = e.Text()
				}
				_, _ = AppendRaw(nil, in)
				_, _ = AppendRawStripNulls(nil, in)
			})
			if got > 50*want+50*time.Millisecond {
				t.Errorf("took %v, encoding/json takes %v", got, want)
			}
		})
	}
}

func fastest(f func()) time.Duration {
	best := time.Duration(1<<63 - 1)
	for range 3 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

func TestValuesAreReadInOrder(t *testing.T) {
	in := ` { "b" : [ 1 , "x\n" , { } , [ ] ] , "\u0061" : { "n" : null , "t" : true } , "c" : -1.50e2 , "" : "\ud83d\ude00" } `
	v, err := Parse([]byte(in), 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for name, m := range v.Members() {
		got = append(got, fmt.Sprintf("%s=%s", name, m.Raw()))
	}
	want := []string{`b=[ 1 , "x\n" , { } , [ ] ]`, `a={ "n" : null , "t" : true }`, `c=-1.50e2`, `="\ud83d\ude00"`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Members() = %q, want %q", got, want)
	}
	got = nil
	for e := range v.Get("b").Elements() {
		got = append(got, e.Text())
	}
	if want := []string{"1", "x\n", "{ }", "[ ]"}; !reflect.DeepEqual(got, want) {
		t.Errorf("Elements() = %q, want %q", got, want)
	}
	if a := v.Get("a"); a.Kind() != Object || a.Get("n").Kind() != Null || !a.Get("t").Bool() || a.Get("x").Kind() != Invalid {
		t.Errorf("Get(a) = %s", a.Raw())
	}
	if got := v.Get("").Text(); got != "😀" {
		t.Errorf("Text() = %q, want 😀", got)
	}
}

func TestScanIsLenient(t *testing.T) {
	v, err := Scan([]byte("{\"a\":1,\"a\":\"\\ud800x\\udc00\xff\"}"))
	if err != nil {
		t.Fatal(err)
	}
	var last Value
	for _, m := range v.Members() {
		last = m
	}
	if got, want := last.Text(), "\uFFFDx\uFFFD\uFFFD"; got != want {
		t.Errorf("Text() = %q, want %q", got, want)
	}
	for _, in := range []string{"", "{", "[1,]", "{}x", strings.Repeat("[", 10001)} {
		if _, err := Scan([]byte(in)); err == nil {
			t.Errorf("Scan(%.10q) gave no error", in)
		}
	}
}

func TestAppendRaw(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{
			` {"b" : 1.0 , "a" : [ null , 1e400, 12345678901234567890 ] , "s": " x  y\u00e9 " } `,
			`{"b":1.0,"a":[null,1e400,12345678901234567890],"s":" x  y\u00e9 "}`,
		},
		{"[]", "[]"},
		{" 1 ", "1"},
		{"\"\xff\" ", "\"\uFFFD\""},
		{"[\"\\\"\xff\" , 1]", "[\"\\\"\uFFFD\",1]"},
		{`{"a":1,"a":2}`, `{"a":1,"a":2}`},
		{"{\n\t\"a\": {\n}\n}", `{"a":{}}`},
	} {
		got, err := AppendRaw([]byte("x"), []byte(c.in))
		if err != nil || string(got) != "x"+c.want {
			t.Errorf("AppendRaw(%s) = %s, %v, want x%s", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", "{", "NaN", "{}{}", `"a`, "\"\n\""} {
		if got, err := AppendRaw([]byte("x"), []byte(in)); err == nil || string(got) != "x" {
			t.Errorf("AppendRaw(%q) = %s, %v, want x and an error", in, got, err)
		}
	}
}

func TestAppendRawStripNulls(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"members and elements", `{"type":"Card","a":null,"b":[null,1,null,{"c":null,"d":[]}],"e":null}`, `{"type":"Card","b":[1,{"d":[]}]}`},
		{"everything", `{"a":null}`, `{}`},
		{"an array of nulls", `{"a":[null,null]}`, `{"a":[]}`},
		{"strings stay", `{"a":"null","null":1,"b":null}`, `{"a":"null","null":1}`},
		{"a component's children", `{"type":"Card","children":null}`, `{"type":"Card"}`},
		{"children in data", `{"type":"Card","foo":{"children":null,"x":null,"y":[null,{"children":null,"a":null}]}}`, `{"type":"Card","foo":{"children":null,"y":[{"children":null}]}}`},
		{"children of a nested component", `{"children":[{"type":"Foo","children":null,"z":null,"data":{"children":null,"q":null}}]}`, `{"children":[{"type":"Foo","data":{"children":null}}]}`},
		{"a single child", `{"children":{"type":"Foo","children":null,"z":null}}`, `{"children":{"type":"Foo"}}`},
		{"an action's payload", `{"children":[{"onClickAction":{"payload":{"children":null,"b":null,"c":[null,1]}}}]}`, `{"children":[{"onClickAction":{"payload":{"children":null,"c":[1]}}}]}`},
		{"an escaped name", `{"data":{"childre\u006e":null}}`, `{"data":{"childre\u006e":null}}`},
		{"nulls among children", `{"children":[null,{"a":1},null]}`, `{"children":[{"a":1}]}`},
		{"white space", " { \"a\" : null , \"b\" : [ null ] , \"c\" : { } } ", `{"b":[],"c":{}}`},
		{"bad UTF-8", "{\"a\":null,\"\xff\":\"\xff\"}", "{\"\uFFFD\":\"\uFFFD\"}"},
		{"no nulls", `{"a": 1}`, `{"a":1}`},
		{"null alone", `null`, `null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := AppendRawStripNulls([]byte("x"), []byte(c.in))
			if err != nil || string(got) != "x"+c.want {
				t.Errorf("AppendRawStripNulls() = %s, %v, want x%s", got, err, c.want)
			}
		})
	}
	if got, err := AppendRawStripNulls([]byte("x"), []byte(`{"a":null`)); err == nil || string(got) != "x" {
		t.Errorf("AppendRawStripNulls() = %s, %v, want x and an error", got, err)
	}
}

func TestAppendReplaced(t *testing.T) {
	for _, c := range []struct {
		in   string
		with []Replacement
		want string
	}{
		{`{"a": 1, "b": 2}`, nil, `{"a":1,"b":2}`},
		{`{"a":1,"b":2}`, []Replacement{{"a", []byte(`"x"`)}}, `{"a":"x","b":2}`},
		{`{"a":1,"b":2}`, []Replacement{{"c", []byte(`[]`)}}, `{"a":1,"b":2,"c":[]}`},
		{`{"a":1,"b":2}`, []Replacement{{"a", nil}}, `{"b":2}`},
		{`{"a":1}`, []Replacement{{"a", nil}, {"z", nil}}, `{}`},
		{`{"a":1,"a":2}`, []Replacement{{"a", []byte(`3`)}}, `{"a":3}`},
		{`{}`, []Replacement{{"a", []byte(`3`)}}, `{"a":3}`},
	} {
		got, err := AppendReplaced([]byte("x"), []byte(c.in), c.with...)
		if err != nil || string(got) != "x"+c.want {
			t.Errorf("AppendReplaced(%s, %q) = %s, %v, want x%s", c.in, c.with, got, err, c.want)
		}
	}
	for _, in := range []string{`[]`, `{`, ``} {
		if got, err := AppendReplaced([]byte("x"), []byte(in)); err == nil || string(got) != "x" {
			t.Errorf("AppendReplaced(%s) = %s, %v, want x and an error", in, got, err)
		}
	}
}

func FuzzParser(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-2.5e3,true,false,null,"x\n\ud83d\ude00"],"b":{"c":{}}}`, `[[],{}]`, ` "a" `, `{"a":1,"\u0061":2}`,
		`{"type":"Card","children":[null,{"children":null}],"x":{"children":null}}`, "\xff", `["\ud800"]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		v, err := Parse(in, 0)
		valid := json.Valid(in)
		if err == nil {
			if !valid {
				t.Fatalf("Parse took %q, encoding/json does not", in)
			}
			checkSame(t, v)
		}
		w, scanErr := Scan(in)
		if (scanErr == nil) != valid {
			t.Fatalf("Scan(%q) = %v, json.Valid = %v", in, scanErr, valid)
		}
		if err == nil && scanErr != nil {
			t.Fatalf("Parse took %q, Scan does not: %v", in, scanErr)
		}
		if scanErr != nil {
			return
		}
		raw, err := AppendRaw(nil, in)
		if err != nil {
			t.Fatalf("AppendRaw(%q): %v", in, err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, bytes.ToValidUTF8(in, nil)); err == nil && bytes.Equal(in, bytes.ToValidUTF8(in, nil)) {
			if compact.String() != string(raw) {
				t.Fatalf("AppendRaw(%q) = %q, want %q", in, raw, compact.String())
			}
		}
		again, err := AppendRaw(nil, raw)
		if err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("AppendRaw is not stable: %q, then %q, %v", raw, again, err)
		}
		stripped, err := AppendRawStripNulls(nil, in)
		if err != nil || !json.Valid(stripped) {
			t.Fatalf("AppendRawStripNulls(%q) = %q, %v", in, stripped, err)
		}
		again, err = AppendRawStripNulls(nil, stripped)
		if err != nil || !bytes.Equal(again, stripped) {
			t.Fatalf("AppendRawStripNulls is not stable: %q, then %q, %v", stripped, again, err)
		}
		if w.Kind() == Object {
			if got, err := AppendReplaced(nil, in); err != nil || !bytes.Equal(scrub(got), scrub(raw)) {
				t.Fatalf("AppendReplaced(%q) = %q, %v, want %q", in, got, err, raw)
			}
		}
	})
}

// scrub makes documents comparable that differ in how their strings are escaped.
func scrub(b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); {
		if b[i] != '"' {
			out = append(out, b[i])
			i++
			continue
		}
		end := skipString(b, i)
		out = AppendString(out, Value{b[i:end]}.Text())
		i = end
	}
	return out
}

// checkSame compares what Values say with what encoding/json says.
func checkSame(t *testing.T, v Value) {
	t.Helper()
	var want any
	d := json.NewDecoder(bytes.NewReader(v.Raw()))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Fatalf("encoding/json on %q: %v", v.Raw(), err)
	}
	if got := toAny(v); !reflect.DeepEqual(got, want) {
		t.Fatalf("%q reads as %#v, want %#v", v.Raw(), got, want)
	}
}

func toAny(v Value) any {
	switch v.Kind() {
	case Bool:
		return v.Bool()
	case Number:
		return json.Number(v.Text())
	case String:
		return v.Text()
	case Array:
		s := []any{}
		for e := range v.Elements() {
			s = append(s, toAny(e))
		}
		return s
	case Object:
		m := map[string]any{}
		for name, e := range v.Members() {
			m[string(name)] = toAny(e)
		}
		return m
	}
	return nil
}

func BenchmarkParse(b *testing.B) {
	in := []byte(`{"type":"threads.add_user_message","params":{"thread_id":"thr_123","input":{"content":[{"type":"input_text","text":"How do I do this, and what does it cost me?"}],"attachments":[],"quoted_text":null,"inference_options":{"tool_choice":null,"model":"large"}}},"metadata":{}}`)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(in, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendRaw(b *testing.B) {
	in := []byte(`{"type":"Card","children":[` + strings.Repeat(`{"type":"Text","id":"t1","value":"Some text of a usual length","color":"secondary"},`, 60) + `{"type":"Divider"}]}`)
	nulls := bytes.ReplaceAll(in, []byte(`"secondary"`), []byte("null"))
	buf := make([]byte, 0, 2*len(in))
	b.Run("compact", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		for b.Loop() {
			buf, _ = AppendRaw(buf[:0], in)
		}
	})
	b.Run("nulls", func(b *testing.B) {
		b.SetBytes(int64(len(nulls)))
		b.ReportAllocs()
		for b.Loop() {
			buf, _ = AppendRawStripNulls(buf[:0], nulls)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(json.RawMessage(in))
		}
	})
}
