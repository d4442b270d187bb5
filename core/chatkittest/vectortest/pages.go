package vectortest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPage = 20
	largestPage = 100
)

// fillPage computes a page of items or threads from what is stored, where the
// reference's would differ: hidden items are in the way, or the limit has no sense.
func fillPage(w *wish) bool {
	if w.x.Expect.Kind != "json" {
		return false
	}
	body, ok := w.body.(map[string]any)
	if !ok {
		return false
	}
	switch w.requestType() {
	case "threads.list":
		if w.boundedLimit() {
			return false
		}
		return w.replacePage(body, w.before.Threads)
	case "items.list":
		items := w.before.Items[w.text("thread_id")]
		if w.boundedLimit() && !slices.ContainsFunc(items, hidden) {
			return false
		}
		return w.replacePage(body, items)
	case "threads.get_by_id":
		items := w.before.Items[w.text("thread_id")]
		page, ok := body["items"].(map[string]any)
		if !ok || !slices.ContainsFunc(items, hidden) {
			return false
		}
		w.params = map[string]any{"order": "asc"}
		return w.replacePage(page, items)
	}
	return false
}

// boundedLimit reports whether the limit is one that is taken as it is.
func (w *wish) boundedLimit() bool {
	limit, ok := w.limit()
	return !ok || limit >= 1 && limit <= largestPage
}

func (w *wish) limit() (int64, bool) {
	n, ok := w.params["limit"].(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i, true
	}
	if strings.HasPrefix(string(n), "-") {
		return -1, true
	}
	return largestPage, true
}

// replacePage puts the page that the request asks for into page. The elements that
// were recorded are taken as recorded, others from the store. It reports whether
// that changed anything.
func (w *wish) replacePage(page map[string]any, all []any) bool {
	recorded := map[string]any{}
	data, _ := page["data"].([]any)
	for _, v := range data {
		recorded[idOf(v)] = v
	}
	list := slices.Clone(all)
	if w.text("order") != "asc" {
		slices.Reverse(list)
	}
	if after := w.text("after"); after != "" {
		i := slices.IndexFunc(list, func(v any) bool { return idOf(v) == after })
		list = list[i+1:]
	}
	list = slices.DeleteFunc(slices.Clone(list), hidden)
	limit, ok := w.limit()
	switch {
	case !ok || limit <= 0:
		limit = defaultPage
	case limit > largestPage:
		limit = largestPage
	}
	was := short(page["has_more"]) + short(page["after"]) + strconv.Itoa(len(data))
	delete(page, "after")
	page["has_more"] = int64(len(list)) > limit
	if page["has_more"] == true {
		list = list[:limit]
		page["after"] = idOf(list[limit-1])
	}
	shown := []any{}
	for _, v := range list {
		if r, ok := recorded[idOf(v)]; ok {
			v = r
		} else {
			v = onWire(v)
		}
		shown = append(shown, v)
	}
	page["data"] = shown
	if was == short(page["has_more"])+short(page["after"])+strconv.Itoa(len(shown)) {
		return false
	}
	w.inexact = "the recorded page is cut differently"
	return true
}

// onWire turns a stored thread or item into what a client sees.
func onWire(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	c, err := parse(data)
	if err != nil {
		return v
	}
	o, ok := c.(map[string]any)
	if !ok {
		return c
	}
	if _, isThread := o["metadata"]; isThread && o["type"] == nil {
		o["metadata"] = map[string]any{}
		o["items"] = map[string]any{"data": []any{}, "has_more": false}
	}
	if list, ok := o["attachments"].([]any); ok {
		for _, a := range list {
			if m, ok := a.(map[string]any); ok {
				delete(m, "metadata")
			}
		}
	}
	if o["type"] == "widget" {
		o["widget"] = withoutNulls(o["widget"])
	}
	return o
}
