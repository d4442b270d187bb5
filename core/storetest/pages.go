package storetest

import (
	"fmt"
	"slices"

	"github.com/gochatkit/chatkit/core"
)

func orderByCreation(t tb, s chatkit.Store) {
	for _, n := range []int{3, 1, 4, 2} {
		putThreads(t, s, alice, newThread(fmt.Sprint("thr_", n), at(n)))
	}
	for _, n := range []int{30, 10, 40, 20} {
		putItems(t, s, alice, "thr_1", message(fmt.Sprint("m", n), at(n), ""))
	}
	for _, c := range []struct {
		what string
		list list
		want []string
	}{
		{"threads", threadList(t, s, alice), []string{"thr_1", "thr_2", "thr_3", "thr_4"}},
		{"items", itemList(t, s, alice, "thr_1"), []string{"m10", "m20", "m30", "m40"}},
	} {
		wantIDs(t, c.what, page(t, c.list, chatkit.PageQuery{Order: chatkit.OrderAsc}).Data, c.want...)
		wantIDs(t, c.what+" without an order", page(t, c.list, chatkit.PageQuery{}).Data, c.want...)
		wantIDs(t, c.what+" backwards", page(t, c.list, chatkit.PageQuery{Order: chatkit.OrderDesc}).Data, reversed(c.want)...)
	}
}

func equalStamps(t tb, s chatkit.Store) {
	withThread(t, s)
	// Names in no order of their own, so that neither id nor name can stand in for arrival.
	var threads, items []string
	for i := range 25 {
		id := numbered("", (i*7)%25)
		threads, items = append(threads, "thr_"+id), append(items, "m_"+id)
		putThreads(t, s, bob, newThread("thr_"+id, at(i/5)))
		putItems(t, s, alice, "thr_1", message("m_"+id, at(i/5), ""))
	}
	for _, limit := range []int{1, 2, 3, 5, 7, 24, 25, 26} {
		q := chatkit.PageQuery{Limit: limit}
		back := chatkit.PageQuery{Limit: limit, Order: chatkit.OrderDesc}
		wantIDs(t, fmt.Sprintf("threads by %d", limit), walk(t, threadList(t, s, bob), q), threads...)
		wantIDs(t, fmt.Sprintf("threads backwards by %d", limit), walk(t, threadList(t, s, bob), back), reversed(threads)...)
		wantIDs(t, fmt.Sprintf("items by %d", limit), walk(t, itemList(t, s, alice, "thr_1"), q), items...)
		wantIDs(t, fmt.Sprintf("items backwards by %d", limit), walk(t, itemList(t, s, alice, "thr_1"), back), reversed(items)...)
	}
}

func pagesJoin(t tb, s chatkit.Store) {
	withThread(t, s)
	var threads, items []string
	for i := range 23 {
		threads, items = append(threads, numbered("thr_", i)), append(items, numbered("m_", i))
		putThreads(t, s, bob, newThread(threads[i], at(i)))
		putItems(t, s, alice, "thr_1", message(items[i], at(i), ""))
	}
	for _, c := range []struct {
		what string
		list list
		want []string
	}{
		{"threads", threadList(t, s, bob), threads},
		{"items", itemList(t, s, alice, "thr_1"), items},
	} {
		for _, order := range []chatkit.Order{chatkit.OrderAsc, chatkit.OrderDesc} {
			want := c.want
			if order == chatkit.OrderDesc {
				want = reversed(want)
			}
			wantIDs(t, fmt.Sprintf("%s by fives, %s", c.what, order), walk(t, c.list, chatkit.PageQuery{Limit: 5, Order: order}), want...)
			// Any id of the list is a cursor, not only those that pages end with.
			for i, id := range want {
				p := page(t, c.list, chatkit.PageQuery{After: id, Limit: 4, Order: order})
				wantIDs(t, fmt.Sprintf("%s after %s, %s", c.what, id, order), p.Data, want[i+1:min(i+5, len(want))]...)
			}
		}
	}
}

func pageEnds(t tb, s chatkit.Store) {
	withThread(t, s)
	for i := range 5 {
		putThreads(t, s, bob, newThread(fmt.Sprint("e", i), at(i)))
		putItems(t, s, alice, "thr_1", message(fmt.Sprint("e", i), at(i), ""))
	}
	for what, l := range map[string]list{"threads": threadList(t, s, bob), "items": itemList(t, s, alice, "thr_1")} {
		for _, c := range []struct {
			q     chatkit.PageQuery
			n     int
			after string
		}{
			{chatkit.PageQuery{Limit: 4}, 4, "e3"},
			{chatkit.PageQuery{Limit: 5}, 5, ""},
			{chatkit.PageQuery{Limit: 6}, 5, ""},
			{chatkit.PageQuery{Limit: 1 << 30}, 5, ""},
			{chatkit.PageQuery{Limit: 2, After: "e1"}, 2, "e3"},
			{chatkit.PageQuery{Limit: 2, After: "e2"}, 2, ""},
			{chatkit.PageQuery{Limit: 2, After: "e4"}, 0, ""},
			{chatkit.PageQuery{Limit: 2, Order: chatkit.OrderDesc}, 2, "e3"},
			{chatkit.PageQuery{Limit: 2, After: "e2", Order: chatkit.OrderDesc}, 2, ""},
			{chatkit.PageQuery{Limit: 2, After: "e0", Order: chatkit.OrderDesc}, 0, ""},
		} {
			p := page(t, l, c.q)
			if len(p.Data) != c.n || p.After != c.after || p.HasMore != (c.after != "") {
				t.Errorf("%s %+v: %d elements, has more %v, after %q; want %d, %v, %q",
					what, c.q, len(p.Data), p.HasMore, p.After, c.n, c.after != "", c.after)
			}
		}
	}
}

func defaultLimit(t tb, s chatkit.Store) {
	withThread(t, s)
	for i := range chatkit.DefaultPageLimit + 1 {
		putThreads(t, s, bob, newThread(numbered("thr_", i), at(i)))
		putItems(t, s, alice, "thr_1", message(numbered("m_", i), at(i), ""))
	}
	for _, limit := range []int{0, -1} {
		for what, l := range map[string]list{"threads": threadList(t, s, bob), "items": itemList(t, s, alice, "thr_1")} {
			p := page(t, l, chatkit.PageQuery{Limit: limit})
			if len(p.Data) != chatkit.DefaultPageLimit || !p.HasMore {
				t.Errorf("%s with limit %d: %d elements, has more %v; want %d, true",
					what, limit, len(p.Data), p.HasMore, chatkit.DefaultPageLimit)
			}
		}
	}
}

// mixed puts thread thr_1 with runs of hidden items at its start, middle and end.
func mixed(t tb, s chatkit.Store) (visible, all []string) {
	withThread(t, s)
	for i, kind := range "hhvvhhhhvhvvhvhh" {
		id := numbered(string(kind), i)
		all = append(all, id)
		if kind == 'v' {
			visible = append(visible, id)
			putItems(t, s, alice, "thr_1", message(id, at(i/3), ""))
		} else if i%2 == 0 {
			putItems(t, s, alice, "thr_1", hiddenNote(id, at(i/3)))
		} else {
			putItems(t, s, alice, "thr_1", &chatkit.SDKHiddenContextItem{ItemMeta: meta(id, at(i/3)), Content: "x"})
		}
	}
	return visible, all
}

func hiddenItems(t tb, s chatkit.Store) {
	visible, all := mixed(t, s)
	l := itemList(t, s, alice, "thr_1")
	for limit := 1; limit <= len(all)+1; limit++ {
		what := fmt.Sprintf(" items by %d", limit)
		wantIDs(t, "visible"+what, walk(t, l, chatkit.PageQuery{Limit: limit}), visible...)
		wantIDs(t, "all"+what, walk(t, l, chatkit.PageQuery{Limit: limit, Hidden: true}), all...)
		wantIDs(t, "visible"+what+" backwards", walk(t, l, chatkit.PageQuery{Limit: limit, Order: chatkit.OrderDesc}), reversed(visible)...)
		wantIDs(t, "all"+what+" backwards", walk(t, l, chatkit.PageQuery{Limit: limit, Order: chatkit.OrderDesc, Hidden: true}), reversed(all)...)
	}
	got, err := s.Item(t.Context(), alice, "thr_1", all[0])
	wantErr(t, "Item() of a hidden item", err, nil)
	if err == nil && !chatkit.Hidden(got) {
		t.Errorf("Item() of a hidden item = %T, want a hidden one", got)
	}
}

func hiddenCursor(t tb, s chatkit.Store) {
	visible, all := mixed(t, s)
	l := itemList(t, s, alice, "thr_1")
	isVisible := func(id string) bool { return slices.Contains(visible, id) }
	for i, id := range all {
		if isVisible(id) {
			continue
		}
		after := slices.DeleteFunc(slices.Clone(all[i+1:]), func(id string) bool { return !isVisible(id) })
		before := slices.DeleteFunc(slices.Clone(all[:i]), func(id string) bool { return !isVisible(id) })
		wantIDs(t, "items after "+id, walk(t, l, chatkit.PageQuery{After: id, Limit: 2}), after...)
		wantIDs(t, "items before "+id, walk(t, l, chatkit.PageQuery{After: id, Limit: 2, Order: chatkit.OrderDesc}), reversed(before)...)
	}
}

func badCursors(t tb, s chatkit.Store) {
	ctx := t.Context()
	withThread(t, s, message("m1", at(1), ""), message("deleted", at(2), ""), message("m3", at(3), ""))
	putThreads(t, s, alice, newThread("thr_2", at(1)), newThread("gone", at(2)))
	putItems(t, s, alice, "thr_2", message("of_thr_2", at(1), ""))
	putItems(t, s, alice, "gone", message("of_gone", at(1), ""))
	putThreads(t, s, bob, newThread("thr_1", at(1)), newThread("bobs", at(1)))
	putItems(t, s, bob, "thr_1", message("of_bob", at(1), ""))
	must(t, s.DeleteItems(ctx, alice, "thr_1", "deleted"))
	must(t, s.DeleteThread(ctx, alice, "gone"))

	for _, order := range []chatkit.Order{chatkit.OrderAsc, chatkit.OrderDesc} {
		for _, hidden := range []bool{false, true} {
			for _, after := range []string{"unknown", "deleted", "of_thr_2", "of_gone", "of_bob", "thr_1", "M1", "m1 "} {
				_, err := s.Items(ctx, alice, "thr_1", chatkit.PageQuery{After: after, Order: order, Hidden: hidden})
				wantErr(t, fmt.Sprintf("Items() %s after %q", order, after), err, chatkit.ErrBadCursor)
			}
		}
		for _, threadID := range []string{"none", "gone", "bobs"} {
			_, err := s.Items(ctx, alice, threadID, chatkit.PageQuery{After: "m1", Order: order})
			wantErr(t, "Items() of thread "+threadID+" after an item of another", err, chatkit.ErrBadCursor)
		}
		for _, after := range []string{"unknown", "gone", "bobs", "m1"} {
			_, err := s.Threads(ctx, alice, chatkit.PageQuery{After: after, Order: order})
			wantErr(t, fmt.Sprintf("Threads() %s after %q", order, after), err, chatkit.ErrBadCursor)
		}
		_, err := s.Threads(ctx, "carol", chatkit.PageQuery{After: "thr_1", Order: order})
		wantErr(t, "Threads() of an owner without any", err, chatkit.ErrBadCursor)
	}
	wantIDs(t, "items after a good cursor", page(t, itemList(t, s, alice, "thr_1"), chatkit.PageQuery{After: "m1"}).Data, "m3")
}

func missingThreadList(t tb, s chatkit.Store) {
	wantIDs(t, "threads of an empty store", page(t, threadList(t, s, alice), chatkit.PageQuery{}).Data)
	wantIDs(t, "items in an empty store", page(t, itemList(t, s, alice, "thr_1"), chatkit.PageQuery{}).Data)
	withThread(t, s)
	wantIDs(t, "items of an empty thread", page(t, itemList(t, s, alice, "thr_1"), chatkit.PageQuery{}).Data)
	wantIDs(t, "items of a missing thread", page(t, itemList(t, s, alice, "thr_2"), chatkit.PageQuery{}).Data)
}
