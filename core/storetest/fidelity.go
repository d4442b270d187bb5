package storetest

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core"
)

func microseconds(t tb, s chatkit.Store) {
	withThread(t, s)
	// Later is put first: only the stamps can give the order. The last two differ by less
	// than a microsecond, so for them arrival does.
	for i, d := range []time.Duration{
		999_999 * time.Microsecond, 2 * time.Microsecond, time.Microsecond, 0,
		5*time.Microsecond + 900, 5*time.Microsecond + 100,
	} {
		id := numbered("e", i)
		th := newThread(id, at(1).Add(d))
		it := message(id, at(1).Add(d), "")
		putThreads(t, s, bob, th)
		putItems(t, s, alice, "thr_1", it)

		gotThread, err := s.Thread(t.Context(), bob, id)
		must(t, err)
		gotItem, err := s.Item(t.Context(), alice, "thr_1", id)
		must(t, err)
		want := at(1).Add(d.Truncate(time.Microsecond))
		for what, got := range map[string]time.Time{"thread": gotThread.CreatedAt, "item": gotItem.Meta().CreatedAt} {
			if !got.Equal(want) {
				t.Errorf("creation time of a %s = %v, want %v", what, got, want)
			}
		}
	}
	want := []string{"e003", "e002", "e001", "e004", "e005", "e000"}
	wantIDs(t, "threads", walk(t, threadList(t, s, bob), chatkit.PageQuery{Limit: 1}), want...)
	wantIDs(t, "items", walk(t, itemList(t, s, alice, "thr_1"), chatkit.PageQuery{Limit: 1}), want...)
}

func zones(t tb, s chatkit.Store) {
	withThread(t, s)
	for id, stamp := range map[string]time.Time{
		"b_utc":   at(60),
		"c_east":  at(61).In(time.FixedZone("", 5*3600+1800)),
		"a_west":  at(59).In(time.FixedZone("", -8*3600)),
		"0_early": time.Date(1969, 7, 20, 20, 17, 40, 123_456_000, time.UTC),
		"z_late":  time.Date(2999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	} {
		th, it := newThread(id, stamp), message(id, stamp, "")
		putThreads(t, s, bob, th)
		putItems(t, s, alice, "thr_1", it)
		gotThread, err := s.Thread(t.Context(), bob, id)
		must(t, err)
		gotItem, err := s.Item(t.Context(), alice, "thr_1", id)
		must(t, err)
		for what, got := range map[string]time.Time{"thread": gotThread.CreatedAt, "item": gotItem.Meta().CreatedAt} {
			if _, offset := got.Zone(); !got.Equal(stamp) || offset != 0 {
				t.Errorf("creation time of %s %s = %v, want %v in UTC", what, id, got, stamp)
			}
		}
	}
	want := []string{"0_early", "a_west", "b_utc", "c_east", "z_late"}
	wantIDs(t, "threads", allIDs(t, threadList(t, s, bob)), want...)
	wantIDs(t, "items", allIDs(t, itemList(t, s, alice, "thr_1")), want...)
}

func bigItem(t tb, s chatkit.Store) {
	// Random letters, so that nothing is saved by compression.
	var b strings.Builder
	rnd := rand.New(rand.NewPCG(1, 2))
	for b.Len() < 1<<20 {
		b.WriteByte(byte('a' + rnd.IntN(26)))
	}
	want := message("big", at(1), b.String())
	withThread(t, s, want)
	got, err := s.Item(t.Context(), alice, "thr_1", "big")
	must(t, err)
	wantSame(t, "Item() of a megabyte", got, want)

	metadata := fullThread("big")
	metadata.Metadata["blob"] = b.String()
	putThreads(t, s, alice, metadata)
	gotThread, err := s.Thread(t.Context(), alice, "big")
	must(t, err)
	wantSame(t, "Thread() with a megabyte of metadata", gotThread, metadata)
}

// oddTexts are what users paste.
var oddTexts = []string{
	"", " ", "\x00", "before\x00after", "\x00\x00", "\n\r\t\b\f\x1f\x7f", `"quoted" \ back/slash`, "it's; DROP TABLE chatkit_items; --",
	"<script>&amp;</script>", "čeština, ελληνικά, русский", "漢字かな交じり文", "עברית العربية",
	"e\u0301 is not é", "👩‍👩‍👧‍👦 🇳🇴", "\u2028\u2029", "\ufeffbom", "\uffff\U0010ffff", "%_?$1:name@x",
}

func anyText(t tb, s chatkit.Store) {
	for i, text := range oddTexts {
		id := numbered("e", i)
		th := newThread(id, at(i))
		th.Title = ptr(text)
		th.Metadata = map[string]any{text: text}
		it := message(id, at(i), text)
		a := fileAttachment(id, nil)
		a.Name = text
		putThreads(t, s, alice, th)
		putItems(t, s, alice, id, it)
		must(t, s.PutAttachment(t.Context(), alice, a))

		gotThread, err := s.Thread(t.Context(), alice, id)
		must(t, err)
		wantSame(t, "Thread() of text "+text, gotThread, th)
		gotItem, err := s.Item(t.Context(), alice, id, id)
		must(t, err)
		wantSame(t, "Item() of text "+text, gotItem, it)
		gotAttachment, err := s.Attachment(t.Context(), alice, id)
		must(t, err)
		wantSame(t, "Attachment() of text "+text, gotAttachment, a)
	}
}

// oddIDs gives ids that differ only in what a careless store or collation folds together.
func oddIDs(t tb, s chatkit.Store) {
	ids := []string{
		"a", "A", "a ", " a", "ä", "a\u0308", "%", "_", "?", "*", "a/b", "a:b", "a'b", `a"b`, `a\b`, "a#b", "a;b", "1", "01", "1.0", "1e0", "0x1",
		"null", "日本", "👍", strings.Repeat("x", 500),
	}
	for i, id := range ids {
		putThreads(t, s, id, newThread(id, at(i)))
		putThreads(t, s, alice, newThread(id, at(i)))
		putItems(t, s, alice, "a", message(id, at(i), id))
		must(t, s.PutAttachment(t.Context(), alice, fileAttachment(id, ptr(id))))
	}
	wantIDs(t, "threads", walk(t, threadList(t, s, alice), chatkit.PageQuery{Limit: 1}), ids...)
	wantIDs(t, "items", walk(t, itemList(t, s, alice, "a"), chatkit.PageQuery{Limit: 1}), ids...)
	for i, id := range ids {
		wantIDs(t, "threads of owner "+id, allIDs(t, threadList(t, s, id)), id)
		got, err := s.Item(t.Context(), alice, "a", id)
		must(t, err)
		wantSame(t, "Item("+id+")", got, message(id, at(i), id))
		a, err := s.Attachment(t.Context(), alice, id)
		must(t, err)
		wantSame(t, "Attachment("+id+")", a, fileAttachment(id, ptr(id)))
	}
	must(t, s.DeleteItems(t.Context(), alice, "a", "%", "_", "*", "a"))
	wantIDs(t, "items after a deletion", allIDs(t, itemList(t, s, alice, "a"))[:3], "A", "a ", " a")
	must(t, s.DeleteThread(t.Context(), alice, "a"))
	wantIDs(t, "threads after a deletion", allIDs(t, threadList(t, s, alice)), ids[1:]...)
}
