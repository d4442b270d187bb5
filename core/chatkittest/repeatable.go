package chatkittest

import (
	"fmt"
	"strings"
	"sync"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Time is what a clock that stands still shows unless told otherwise:
// 2026-01-02 03:04:05 UTC.
var Time = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

// IDs returns a maker of ids for [chatkit.Options.NewID] that counts per kind:
// thr_gen0001, msg_gen0001, msg_gen0002, … It is safe for concurrent use.
func IDs() func(chatkit.IDKind) string {
	var mu sync.Mutex
	count := map[string]int{}
	return func(kind chatkit.IDKind) string {
		prefix, _, _ := strings.Cut(chatkit.NewID(kind), "_")
		mu.Lock()
		defer mu.Unlock()
		count[prefix]++
		return fmt.Sprintf("%s_gen%04d", prefix, count[prefix])
	}
}

// Clock returns a clock for [chatkit.Options.Now] that shows at for ever, or
// [Time] if at is zero.
func Clock(at time.Time) func() time.Time {
	if at.IsZero() {
		at = Time
	}
	return func() time.Time { return at }
}
