package jsonx

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestAppendStringEscapesExactlyWhatTheProtocolSays(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", `""`},
		{"plain", `"plain"`},
		{`say "hi"`, `"say \"hi\""`},
		{`back\slash`, `"back\\slash"`},
		{"\b\f\n\r\t", `"\b\f\n\r\t"`},
		{"\x00\x01\x0b\x1b\x1f", `"\u0000\u0001\u000b\u001b\u001f"`},
		{"\x7f", "\"\x7f\""},
		{"/<>&'", `"/<>&'"`},
		{"\u2028\u2029", "\"\u2028\u2029\""},
		{"é 漢字 😀", `"é 漢字 😀"`},
		{"cut \xf0\x9f", "\"cut \uFFFD\uFFFD\""},
		{"\xff漢\n", "\"\uFFFD漢\\n\""},
		{"\uFFFD", "\"\uFFFD\""},
		{"1234567\"", `"1234567\""`},
		{"12345678\n12345678", `"12345678\n12345678"`},
		{"漢字漢字漢字\t漢字漢字漢字", `"漢字漢字漢字\t漢字漢字漢字"`},
		{strings.Repeat("a", 100) + "\x80" + strings.Repeat("b", 100), `"` + strings.Repeat("a", 100) + "\uFFFD" + strings.Repeat("b", 100) + `"`},
	} {
		if got := string(AppendString(nil, c.in)); got != c.want {
			t.Errorf("AppendString(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestAppendStringSeesEveryByteAtEveryPlace(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			b := []byte(strings.Repeat("x", 20))
			b[at] = byte(c)
			checkString(t, string(b))
		}
	}
}

// checkString compares AppendString with what encoding/json reads from it and with what it writes.
func checkString(t *testing.T, s string) {
	t.Helper()
	got := AppendString([]byte("ab"), s)
	if string(got[:2]) != "ab" {
		t.Fatalf("AppendString(%q) changed what was there before", s)
	}
	var back string
	if err := json.Unmarshal(got[2:], &back); err != nil {
		t.Fatalf("AppendString(%q) = %s: %v", s, got[2:], err)
	}
	want := string([]rune(s)) // replaces each bad byte
	if back != want {
		t.Fatalf("AppendString(%q) reads back as %q, want %q", s, back, want)
	}
	if !utf8.Valid(got) {
		t.Fatalf("AppendString(%q) is not UTF-8", s)
	}
	v, err := Parse(got[2:], 0)
	if err != nil || v.Text() != want || !v.Is(want) {
		t.Fatalf("Parse of AppendString(%q) = %q, %v", s, v.Text(), err)
	}
}

func TestAppendEscapedOfPartsIsThatOfTheWhole(t *testing.T) {
	parts := []string{"one \"", "\n", "", "漢", "\\", "😀\x01"}
	var got []byte
	for _, p := range parts {
		got = AppendEscaped(got, p)
	}
	if want := string(AppendEscaped(nil, strings.Join(parts, ""))); string(got) != want {
		t.Errorf("AppendEscaped of parts = %s, want %s", got, want)
	}
}

func TestAppendFloatHasThePointOfTheProtocol(t *testing.T) {
	for _, c := range []struct {
		in   float64
		want string
	}{
		{0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{1, "1.0"},
		{100, "100.0"},
		{0.25, "0.25"},
		{-2.5, "-2.5"},
		{0.00001, "0.00001"},
		{1.0 / 3, "0.3333333333333333"},
		{1e15, "1000000000000000.0"},
		{9999999999999998, "9999999999999998.0"},
		{1e16, "1e+16"},
		{123e20, "1.23e+22"},
		{1e-6, "1e-6"},
		{9.99e-6, "9.99e-6"},
		{1.5e300, "1.5e+300"},
		{5e-324, "5e-324"},
		{-1e-10, "-1e-10"},
		{1e100, "1e+100"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
		{math.NaN(), "null"},
		{math.Inf(1), "null"},
		{math.Inf(-1), "null"},
	} {
		if got := string(AppendFloat(nil, c.in)); got != c.want {
			t.Errorf("AppendFloat(%g) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestAppendTimeIsUTCAndMicroseconds(t *testing.T) {
	east := time.FixedZone("east", 5*3600+1800)
	for _, c := range []struct {
		in   time.Time
		want string
	}{
		{time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), `"2025-01-02T03:04:05Z"`},
		{time.Date(2025, 1, 2, 3, 4, 5, 678900000, time.UTC), `"2025-01-02T03:04:05.678900Z"`},
		{time.Date(2025, 1, 2, 3, 4, 5, 10999, time.UTC), `"2025-01-02T03:04:05.000010Z"`},
		{time.Date(2025, 1, 2, 3, 4, 5, 999, time.UTC), `"2025-01-02T03:04:05Z"`},
		{time.Date(2025, 1, 2, 3, 4, 5, 0, east), `"2025-01-01T21:34:05Z"`},
		{time.Date(2025, 12, 31, 23, 59, 59, 999999999, time.UTC), `"2025-12-31T23:59:59.999999Z"`},
		{time.Time{}, `"0001-01-01T00:00:00Z"`},
		{time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), `"9999-12-31T23:59:59.999999Z"`},
		{time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), `"0000-01-01T00:00:00Z"`},
		{time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC), `"0999-01-01T00:00:00Z"`},
	} {
		if got := string(AppendTime(nil, c.in)); got != c.want {
			t.Errorf("AppendTime(%v) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestParseTimeReadsWhatStoresHold(t *testing.T) {
	at := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		in   string
		want time.Time
	}{
		{"2025-01-02T03:04:05Z", at},
		{"2025-01-02t03:04:05z", at},
		{"2025-01-02T03:04:05", at},
		{"2025-01-02 03:04:05", at},
		{" 2025-01-02T03:04:05Z ", at},
		{"2025-01-02T05:04:05+02:00", at},
		{"2025-01-01T21:34:05-05:30", at},
		{"2025-01-02T05:04:05+0200", at},
		{"2025-01-02T05:04:05+02", at},
		{"2025-01-02T03:04:05.678900", at.Add(678900 * time.Microsecond)},
		{"2025-01-02T03:04:05.6789Z", at.Add(678900 * time.Microsecond)},
		{"2025-01-02T03:04:05,5Z", at.Add(500 * time.Millisecond)},
		{"2025-01-02T03:04:05.123456999Z", at.Add(123456 * time.Microsecond)},
		{"2025-01-02T03:04:05.0000000000000001Z", at},
		{"2025-01-02T03:04", at.Add(-5 * time.Second)},
		{"2025-01-02T03:04Z", at.Add(-5 * time.Second)},
		{"2025-01-02", time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)},
		{"2024-02-29", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"1735787045", at},
		{"1735787045.5", at.Add(500 * time.Millisecond)},
		{"1735787045000", at},
		{"1735787045123", at.Add(123 * time.Millisecond)},
		{"-1.5", time.Date(1969, 12, 31, 23, 59, 58, 500000000, time.UTC)},
		{"0", time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		got, err := ParseTime(c.in)
		if err != nil || !got.Equal(c.want) || got.Location() != time.UTC {
			t.Errorf("ParseTime(%q) = %v, %v, want %v", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{
		"", "x", "2025-1-2", "2025-13-01", "2025-00-01", "2025-02-29", "2025-01-32", "2025-01-00",
		"2025-01-02T", "2025-01-02T24:00:00", "2025-01-02T03:60", "2025-01-02T03:04:60Z", "2025-01-02T03:04:05.Z",
		"2025-01-02T03:04:05X", "2025-01-02T03:04:05+", "2025-01-02T03:04:05+1", "2025-01-02T03:04:05+24:00",
		"2025-01-02T03:04:05+02:00x", "2025-01-02T03", "2025-01-02x03:04:05", "2025/01/02", "2025-01-02T0304",
		"2025-01-02T03:04:05+020", "2025-01-02T03:04:05+02:0", "20250102T030405", "１２３４-01-02",
		"0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "NaN", "Inf", "1e300", "2025-01-02T03:04:0",
	} {
		if got, err := ParseTime(in); err == nil {
			t.Errorf("ParseTime(%q) = %v, want an error", in, got)
		}
	}
}

func TestParseTimeReadsWhatAppendTimeWrites(t *testing.T) {
	for _, sec := range []int64{-62135596800, -1, 0, 1, 951782400, 1735787045, 253402300799} {
		for _, micro := range []int64{0, 1, 10, 999999} {
			in := time.Unix(sec, micro*1000).UTC()
			s := string(AppendTime(nil, in))
			got, err := ParseTime(s[1 : len(s)-1])
			if err != nil || !got.Equal(in) {
				t.Errorf("ParseTime(%s) = %v, %v, want %v", s, got, err, in)
			}
			if std, err := time.Parse(time.RFC3339Nano, s[1:len(s)-1]); err != nil || !std.Equal(in) {
				t.Errorf("time.Parse(%s) = %v, %v, want %v", s, std, err, in)
			}
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "a", "\"\\\b\f\n\r\t\x00\x1f\x7f", "é漢😀\u2028", "\xff\xf0\x9f", "12345678\x80"} {
		f.Add(s)
	}
	f.Fuzz(checkString)
}

func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"2025-01-02T03:04:05.678900+02:00", "2025-01-02", "1735787045.5", "-1e3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := ParseTime(s)
		if err != nil {
			return
		}
		text := string(AppendTime(nil, at))
		back, err := ParseTime(text[1 : len(text)-1])
		if err != nil || !back.Equal(at) {
			t.Fatalf("ParseTime(%q) = %v, written %s, read %v, %v", s, at, text, back, err)
		}
		if std, err := time.Parse(time.RFC3339Nano, s); err == nil && !std.Truncate(time.Microsecond).Equal(at) {
			t.Fatalf("ParseTime(%q) = %v, want %v as time.Parse", s, at, std)
		}
	})
}

func BenchmarkAppendString(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"token", " token"},
		{"ascii", strings.Repeat("the quick brown fox ", 10)},
		{"code", strings.Repeat("\tif a == \"b\" {\n", 13)},
		{"cjk", strings.Repeat("漢字かな", 16)},
	} {
		b.Run(c.name, func(b *testing.B) {
			buf := make([]byte, 0, 1024)
			b.ReportAllocs()
			for b.Loop() {
				buf = AppendString(buf[:0], c.text)
			}
		})
	}
}
