package run

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

var testPrefix = []byte(`{"delta":"`)

func newTestLog(size, events int) (*Log, *Reader) {
	return newLog(size, events, new(atomic.Int64)), &Reader{wake: make(chan struct{}, 1)}
}

func readAll(t *testing.T, l *Log, r *Reader, next uint64, tag string) (string, uint64) {
	t.Helper()
	dst, next, _, err := l.read(r, next, nil, 1<<20, tag)
	if err != nil {
		t.Fatalf("read from %d: %v", next, err)
	}
	return string(dst), next
}

func TestLogWritesEventsInOrder(t *testing.T) {
	l, r := newTestLog(1<<20, 1000)
	l.Append([]byte(`{"type":"a"}`))
	l.AppendDelta(testPrefix, "say \"hi\"\n")
	l.Append([]byte(`{"type":"b"}`))
	got, next := readAll(t, l, r, 1, "")
	want := "data: {\"type\":\"a\"}\n\ndata: {\"delta\":\"say \\\"hi\\\"\\n\"}}\n\ndata: {\"type\":\"b\"}\n\n"
	if got != want || next != 4 {
		t.Errorf("read = %q, next %d, want %q, next 4", got, next, want)
	}
}

func TestLogPutsTheIDOnTheLastLine(t *testing.T) {
	l, r := newTestLog(1<<20, 1000)
	l.Append([]byte(`{}`))
	got, _ := readAll(t, l, r, 1, "abc")
	if want := "data: {}\nid: abc-1\n\n"; got != want {
		t.Errorf("read = %q, want %q", got, want)
	}
}

func TestLogCoalescesForReadersThatAreBehind(t *testing.T) {
	l, r := newTestLog(1<<20, 1000)
	other := append([]byte(nil), testPrefix...)
	var want strings.Builder
	for i := range 200 {
		word := fmt.Sprintf("w%d ", i)
		want.WriteString(word)
		l.AppendDelta(testPrefix, word)
	}
	l.AppendDelta(other, "x") // another message with an equal prefix must stay apart
	got, next := readAll(t, l, r, 1, "t")
	wantAll := `data: {"delta":"` + want.String() + "\"}}\nid: t-200\n\ndata: {\"delta\":\"x\"}}\nid: t-201\n\n"
	if got != wantAll || next != 202 {
		t.Errorf("read = %q, next %d, want %q, next 202", got, next, wantAll)
	}
	if got, _ := readAll(t, l, r, 200, ""); got != "data: {\"delta\":\"w199 \"}}\n\ndata: {\"delta\":\"x\"}}\n\n" {
		t.Errorf("a reader that keeps up got %q, want single events", got)
	}
}

func TestLogKeepsTextsApartWhenEscapingOutgrowsAChunk(t *testing.T) {
	l, r := newTestLog(1<<20, 10_000)
	texts := []string{strings.Repeat("\x01", 300), strings.Repeat("\"", chunkSize), "tail", strings.Repeat("\u2028é", 900)}
	var want strings.Builder
	for round := range 20 {
		for _, s := range texts {
			s = fmt.Sprint(round) + s
			l.AppendDelta([]byte(`{"d":"`), s)
			want.WriteString(`data: {"d":"` + string(jsonx.AppendEscaped(nil, s)) + "\"}}\n\n")
		}
	}
	if got, _ := readAll(t, l, r, 1, ""); got != want.String() {
		t.Error("texts were mixed up")
	}
}

func TestLogDropsTheOldestBeyondItsBounds(t *testing.T) {
	for _, tt := range []struct {
		name         string
		size, events int
	}{{"by events", 1 << 20, 10}, {"by size", 10 * (48 + 12), 1000}} {
		t.Run(tt.name, func(t *testing.T) {
			l, r := newTestLog(tt.size, tt.events)
			for i := range 100 {
				l.Append(fmt.Appendf(nil, `{"n":%6d}`, i))
			}
			if l.first != 91 || l.Last() != 100 {
				t.Errorf("holds %d to %d, want 91 to 100", l.first, l.Last())
			}
			if _, _, _, err := l.read(r, 90, nil, 1<<20, ""); !errors.Is(err, errTrimmed) {
				t.Errorf("read of a dropped event: err = %v, want errTrimmed", err)
			}
			if got, want := int64(l.Size()), l.total.Load(); got != want {
				t.Errorf("size = %d, accounted %d", got, want)
			}
			if l.Size() > 10*(48+12) && tt.name == "by size" {
				t.Errorf("size = %d, want at most %d", l.Size(), 600)
			}
		})
	}
}

func TestLogRefusesEventsAfterItsEnd(t *testing.T) {
	l, r := newTestLog(1<<20, 10)
	l.Append([]byte(`{}`))
	l.end()
	if n := l.Append([]byte(`{}`)); n != 0 {
		t.Errorf("Append after the end = %d, want 0", n)
	}
	if n := l.AppendDelta(testPrefix, "x"); n != 0 {
		t.Errorf("AppendDelta after the end = %d, want 0", n)
	}
	_, next, ended, _ := l.read(r, 1, nil, 1<<20, "")
	if next != 2 || !ended {
		t.Errorf("read: next %d, ended %v, want 2, true", next, ended)
	}
}

func TestLogAppendOfADeltaDoesNotAllocatePerEvent(t *testing.T) {
	l, _ := newTestLog(1<<30, 1<<30)
	l.entries = make([]entry, 0, 100_000)
	allocs := testing.AllocsPerRun(10_000, func() { l.AppendDelta(testPrefix, " token") })
	if allocs > 0.02 {
		t.Errorf("allocations per delta = %v, want only a chunk now and then", allocs)
	}
}

func BenchmarkLogAppendWithReaders(b *testing.B) {
	for _, readers := range []int{0, 1, 10, 1000} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			l, _ := newTestLog(16<<20, 50_000)
			rs := make([]*Reader, readers)
			next := make([]uint64, readers)
			bufs := make([][]byte, readers)
			for i := range rs {
				rs[i] = &Reader{wake: make(chan struct{}, 1)}
				next[i] = 1
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				l.AppendDelta(testPrefix, " token")
				// Each reader takes what is there once in 100 events, as a batch.
				if n++; n%100 == 0 {
					for i, r := range rs {
						bufs[i], next[i], _, _ = l.read(r, next[i], bufs[i][:0], readLimit, "")
					}
				}
			}
		})
	}
}
