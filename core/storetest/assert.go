package storetest

import (
	"errors"
	"slices"
	"strings"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

func must(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func wantErr(t tb, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error = %v, want %v", what, got, want)
	}
}

// wantSame compares two values by their stored JSON, which is all a store promises to keep.
func wantSame(t tb, what string, got, want any) {
	t.Helper()
	if g, w := encode(t, got), encode(t, want); g != w {
		t.Errorf("%s:\ngot  %s\nwant %s", what, shorten(g), shorten(w))
	}
}

// encode is json.Marshal without its escaping, which would hide differences.
func encode(t tb, v any) string {
	t.Helper()
	b, err := jsonx.Marshal(v)
	must(t, err)
	return string(b)
}

func shorten(s string) string {
	if len(s) > 2000 {
		return s[:2000] + "…"
	}
	return s
}

func wantIDs(t tb, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: ids = [%s], want [%s]", what, strings.Join(got, " "), strings.Join(want, " "))
	}
}

func putThreads(t tb, s chatkit.Store, owner string, threads ...*chatkit.Thread) {
	t.Helper()
	for _, th := range threads {
		must(t, s.PutThread(t.Context(), owner, th))
	}
}

func putItems(t tb, s chatkit.Store, owner, threadID string, items ...chatkit.Item) {
	t.Helper()
	for _, it := range items {
		must(t, s.PutItem(t.Context(), owner, threadID, it))
	}
}

// withThread puts thread thr_1 of alice with the given items.
func withThread(t tb, s chatkit.Store, items ...chatkit.Item) {
	t.Helper()
	putThreads(t, s, alice, newThread("thr_1", at(0)))
	putItems(t, s, alice, "thr_1", items...)
}

// list is a page of threads or items, reduced to ids.
type list func(q chatkit.PageQuery) (chatkit.Page[string], error)

func threadList(t tb, s chatkit.Store, owner string) list {
	return func(q chatkit.PageQuery) (chatkit.Page[string], error) {
		p, err := s.Threads(t.Context(), owner, q)
		ids := chatkit.Page[string]{HasMore: p.HasMore, After: p.After}
		for _, th := range p.Data {
			ids.Data = append(ids.Data, th.ID)
		}
		return ids, err
	}
}

func itemList(t tb, s chatkit.Store, owner, threadID string) list {
	return func(q chatkit.PageQuery) (chatkit.Page[string], error) {
		p, err := s.Items(t.Context(), owner, threadID, q)
		ids := chatkit.Page[string]{HasMore: p.HasMore, After: p.After}
		for _, it := range p.Data {
			ids.Data = append(ids.Data, it.Meta().ID)
		}
		return ids, err
	}
}

// page reads one page and checks what holds for every page.
func page(t tb, l list, q chatkit.PageQuery) chatkit.Page[string] {
	t.Helper()
	p, err := l(q)
	if err != nil {
		t.Fatalf("page %+v: %v", q, err)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = chatkit.DefaultPageLimit
	}
	switch {
	case len(p.Data) > limit:
		t.Errorf("page %+v has %d elements, want at most %d", q, len(p.Data), limit)
	case p.HasMore && len(p.Data) < limit:
		t.Errorf("page %+v has %d elements and more follow, want a full page", q, len(p.Data))
	case p.HasMore && p.After != p.Data[len(p.Data)-1]:
		t.Errorf("page %+v: after = %q, want its last id %q", q, p.After, p.Data[len(p.Data)-1])
	case !p.HasMore && p.After != "":
		t.Errorf("page %+v: after = %q on the last page, want none", q, p.After)
	}
	return p
}

// walk reads a list to its end, page by page.
func walk(t tb, l list, q chatkit.PageQuery) []string {
	t.Helper()
	var ids []string
	for range 10_000 {
		p := page(t, l, q)
		ids = append(ids, p.Data...)
		if !p.HasMore {
			return ids
		}
		q.After = p.After
	}
	t.Fatalf("paging %+v came to no end", q)
	return nil
}

func allIDs(t tb, l list) []string {
	t.Helper()
	return walk(t, l, chatkit.PageQuery{Limit: 100, Hidden: true})
}

func reversed(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Reverse(ids)
	return ids
}
