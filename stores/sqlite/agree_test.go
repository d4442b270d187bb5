package sqlitestore

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
)

// The memory store and this one are given the same random calls and must give the same
// answers, batches and their failures included.
func TestSQLiteAndMemoryAgree(t *testing.T) {
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		sqlite, memory := openStore(t, newPath(t)), memstore.New()
		for i := 0; i < 400 && !t.Failed(); i++ {
			if rnd.IntN(10) > 0 {
				agree(t, fmt.Sprintf("seed %d, call %d", seed, i), randomCall(rnd), sqlite, memory)
				continue
			}
			var calls []call
			for range rnd.IntN(8) {
				calls = append(calls, randomCall(rnd))
			}
			var stop error
			if rnd.IntN(2) == 0 {
				stop = errors.New("stop")
			}
			answers := map[*[]string]chatkit.Batcher{{}: sqlite, {}: memory}
			var all [][]string
			for got, s := range answers {
				err := s.Batch(t.Context(), "ann", func(tx chatkit.Store) error {
					for _, c := range calls {
						*got = append(*got, c.run(t, tx))
					}
					return stop
				})
				if !errors.Is(err, stop) {
					t.Errorf("seed %d, call %d: Batch() = %v, want %v", seed, i, err, stop)
				}
				all = append(all, *got)
			}
			if a, b := fmt.Sprint(all[0]), fmt.Sprint(all[1]); a != b {
				t.Errorf("seed %d, batch %d: the stores answer\n%s\n%s", seed, i, a, b)
			}
		}
	}
}

type call struct {
	name string
	run  func(t *testing.T, s chatkit.Store) string
}

func agree(t *testing.T, when string, c call, a, b chatkit.Store) {
	t.Helper()
	if x, y := c.run(t, a), c.run(t, b); x != y {
		t.Errorf("%s: %s gives\n%s\n%s", when, c.name, x, y)
	}
}

// randomCall works on few ids and few stamps, so that calls meet.
func randomCall(rnd *rand.Rand) call {
	thread := fmt.Sprint("thr_", rnd.IntN(3))
	item := fmt.Sprint("m", rnd.IntN(25))
	attachment := fmt.Sprint("atc_", rnd.IntN(4))
	stamp := time.Unix(int64(rnd.IntN(4)), 0)
	q := chatkit.PageQuery{Limit: rnd.IntN(6), Order: chatkit.OrderAsc, Hidden: rnd.IntN(2) == 0}
	if rnd.IntN(2) == 0 {
		q.Order = chatkit.OrderDesc
	}
	after := rnd.IntN(2) == 0
	hidden := rnd.IntN(3) == 0

	const owner = "ann"
	switch rnd.IntN(16) {
	case 0:
		return call{"Thread " + thread, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(s.Thread(t.Context(), owner, thread))
		}}
	case 1, 2:
		th := &chatkit.Thread{ID: thread, CreatedAt: stamp, Title: &item}
		return call{"PutThread " + thread, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(nil, s.PutThread(t.Context(), owner, th))
		}}
	case 3:
		if after {
			q.After = thread
		}
		return call{fmt.Sprintf("Threads %+v", q), func(t *testing.T, s chatkit.Store) string {
			p, err := s.Threads(t.Context(), owner, q)
			return answer(t)([]any{p.Data, p.HasMore, p.After}, err)
		}}
	case 4:
		if hidden { // seldom, or there would never be much to see
			return call{"DeleteThread " + thread, func(t *testing.T, s chatkit.Store) string {
				return answer(t)(nil, s.DeleteThread(t.Context(), owner, thread))
			}}
		}
		fallthrough
	case 5, 6, 7, 8:
		var it chatkit.Item = &chatkit.SDKHiddenContextItem{ItemMeta: chatkit.ItemMeta{ID: item, ThreadID: thread, CreatedAt: stamp}, Content: attachment}
		if !hidden {
			it = &chatkit.AssistantMessageItem{ItemMeta: *it.Meta(), Content: []chatkit.AssistantMessageContent{{Text: attachment}}}
		}
		return call{"PutItem " + thread + " " + item, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(nil, s.PutItem(t.Context(), owner, thread, it))
		}}
	case 9:
		return call{"Item " + thread + " " + item, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(s.Item(t.Context(), owner, thread, item))
		}}
	case 10, 11, 12:
		if after {
			q.After = item
		}
		return call{fmt.Sprintf("Items %s %+v", thread, q), func(t *testing.T, s chatkit.Store) string {
			p, err := s.Items(t.Context(), owner, thread, q)
			return answer(t)([]any{p.Data, p.HasMore, p.After}, err)
		}}
	case 13:
		return call{"DeleteItems " + thread + " " + item, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(nil, s.DeleteItems(t.Context(), owner, thread, item, "none"))
		}}
	case 14:
		a := &chatkit.FileAttachment{AttachmentMeta: chatkit.AttachmentMeta{ID: attachment, Name: item, MimeType: "text/plain"}}
		if after {
			a.ThreadID = &thread
		}
		return call{"PutAttachment " + attachment, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(nil, s.PutAttachment(t.Context(), owner, a))
		}}
	default:
		if hidden {
			return call{"DeleteAttachment " + attachment, func(t *testing.T, s chatkit.Store) string {
				return answer(t)(nil, s.DeleteAttachment(t.Context(), owner, attachment))
			}}
		}
		return call{"Attachment " + attachment, func(t *testing.T, s chatkit.Store) string {
			return answer(t)(s.Attachment(t.Context(), owner, attachment))
		}}
	}
}

// answer makes text of what a method returned.
func answer(t *testing.T) func(v any, err error) string {
	return func(v any, err error) string {
		t.Helper()
		if err != nil {
			return err.Error()
		}
		data, err := json.Marshal(v)
		must(t, err)
		return string(data)
	}
}
