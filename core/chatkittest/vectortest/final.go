package vectortest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gochatkit/chatkit/core/client"
)

// undo notes what the reference left in the store although the request failed.
func (p *player) undo(w *wish) {
	for _, e := range w.recorded {
		if o, ok := e.(map[string]any); ok && o["type"] == "thread.created" {
			if t, ok := o["thread"].(map[string]any); ok {
				if id, ok := t["id"].(string); ok {
					p.undone[id] = true
				}
			}
		}
	}
}

func (p *player) checkFinal(ctx context.Context) error {
	if p.diverged {
		return nil
	}
	sh, err := p.stage.read(ctx)
	if err != nil {
		return err
	}
	want, err := parseContents(p.vector.Final)
	if err != nil {
		return err
	}
	threads := []any{}
	for _, t := range want["threads"].([]any) {
		id, _ := t.(map[string]any)["id"].(string)
		if !p.undone[id] {
			threads = append(threads, t)
		}
	}
	want["threads"] = threads
	got := sh.value()
	p.dropOpen(got["items"], want["items"])
	isGone := func(a any) bool { return p.gone[idOf(a)] }
	want["attachments"] = slices.DeleteFunc(want["attachments"].([]any), isGone)
	if kept, ok := got["attachments"].([]any); ok && p.reference {
		got["attachments"] = slices.DeleteFunc(kept, isGone)
	}
	if p.once {
		sendOnce(want["items"])
	}
	sortByID(got["attachments"])
	sortByID(want["attachments"])
	stripWidgets(got["items"])
	stripWidgets(want["items"])
	p.compare("final", got, want)
	return nil
}

// dropOpen removes the items that the server has finished by itself.
func (p *player) dropOpen(got, want any) {
	lists, _ := got.(map[string]any)
	wanted, _ := want.(map[string]any)
	for thread, list := range lists {
		l, _ := list.([]any)
		known, _ := wanted[thread].([]any)
		lists[thread] = slices.DeleteFunc(slices.Clone(l), func(it any) bool {
			return p.open[idOf(it)] && !slices.ContainsFunc(known, func(k any) bool { return idOf(k) == idOf(it) })
		})
	}
}

func (p *player) compare(path string, got, want any) {
	c := comparer{lenient: true}
	c.compare(path, p.names.match(got, want), want)
	p.out.Problems = append(p.out.Problems, c.problems...)
	for _, name := range c.applied {
		if !slices.Contains(p.out.Applied, name) {
			p.out.Applied = append(p.out.Applied, name)
		}
	}
}

// countBytes compares an answer with the reference's bytes.
func (p *player) countBytes(at, got string, w *wish) {
	if w.bytes == nil || p.names != nil { // a server with ids of its own has bytes of its own
		return
	}
	got = zone.ReplaceAllString(got, "$1")
	if got == *w.bytes {
		p.out.Exact++
		return
	}
	why := w.inexact
	if why == "" && strings.Contains(got, `"widget":{`) && len(got) == len(*w.bytes) {
		why = "a widget's members keep the author's order, the reference has one of its own: "
	}
	if w.inexact == "" {
		why += firstDifference(got, *w.bytes)
	}
	p.out.Inexact = append(p.out.Inexact, at+": "+why)
}

// zone matches the zone of a time of the protocol, which the recording has none of.
var zone = regexp.MustCompile(`("created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z`)

// wireBytes are the lines of a stream's events without ids.
func wireBytes(frames []*client.Frame) string {
	var b strings.Builder
	for _, f := range frames {
		for line := range strings.Lines(string(f.Raw)) {
			if !strings.HasPrefix(line, "id:") {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	cut := func(s string) string {
		return s[max(0, min(i-20, len(s))):min(len(s), i+60)]
	}
	return fmt.Sprintf("at byte %d %q, want %q", i, cut(got), cut(want))
}
