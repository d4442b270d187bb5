package probe

import (
	"math"
	"slices"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
)

// What makes pieces of text a clump rather than a flow. A model's own pace, even on a busy machine, stays
// below: it says a few words at a time.
const (
	together   = 10 * time.Millisecond  // pieces closer than that belong to one clump
	clump      = 5                      // pieces that make one
	pause      = 150 * time.Millisecond // before a clump, that somebody notices
	fewest     = 8                      // pieces of text that say something about their flow
	heldTooFar = 100.0                  // milliseconds between writing and reading that somebody notices
	alone      = 1300                   // bytes that fit into what proxies collect
)

// A Shape is how the pieces of one stream arrived.
type Shape struct {
	// Events and Texts are how many events there were, and how many of them brought text.
	Events int `json:"events"`
	Texts  int `json:"texts"`
	// Heartbeats are the comments behind the first piece of the stream.
	Heartbeats int `json:"heartbeats"`
	// Reads is how many reads of the socket brought events; PerRead and MostPerRead say how many events one
	// of them brought, on average and at most, the events before and behind the text left out.
	Reads       int     `json:"reads"`
	PerRead     float64 `json:"events_per_read"`
	MostPerRead int     `json:"max_events_per_read"`
	// Gaps between events, in milliseconds.
	GapP50 float64 `json:"gap_p50_ms"`
	GapP95 float64 `json:"gap_p95_ms"`
	GapMax float64 `json:"gap_max_ms"`
	// FirstEvent and FirstText are milliseconds since the request was sent, nil if there was none.
	FirstEvent *float64 `json:"first_event_ms"`
	FirstText  *float64 `json:"first_text_ms"`
	// HeldP50 and HeldMax are the milliseconds between the writing of a piece and its arrival, beyond those of
	// the fastest piece. They are nil unless the server's Debug option is on.
	HeldP50 *float64 `json:"held_p50_ms"`
	HeldMax *float64 `json:"held_max_ms"`
	// Clumped says that most of the text arrived in clumps with pauses before them.
	Clumped bool `json:"clumped"`
	// SmallAlone says that a small piece arrived by itself long before the next: nothing on the way waits
	// until there is more.
	SmallAlone bool `json:"small_piece_alone"`

	lastEvent float64 // milliseconds since the request was sent
}

// shapeOf looks at the pieces of a stream, in their order.
func shapeOf(pieces []*arrival.Piece) Shape {
	var s Shape
	var events, texts []*arrival.Piece
	for i, p := range pieces {
		switch {
		case p.Comment && i > 0:
			s.Heartbeats++
		case p.Comment:
		default:
			events = append(events, p)
			if p.Text {
				texts = append(texts, p)
			}
		}
	}
	s.Events, s.Texts = len(events), len(texts)
	if len(events) > 0 {
		s.FirstEvent, s.lastEvent = ms(events[0].At), *ms(events[len(events)-1].At)
	}
	if len(texts) > 0 {
		s.FirstText = ms(texts[0].At)
	}
	reads := map[int]bool{}
	var gaps []float64
	for i, p := range events {
		reads[p.Read] = true
		if i > 0 {
			gaps = append(gaps, *ms(p.At - events[i-1].At))
		}
	}
	s.Reads = len(reads)
	s.GapP50, s.GapP95, s.GapMax = percentile(gaps, 50), percentile(gaps, 95), percentile(gaps, 100)
	s.countPerRead(texts)
	s.Clumped = clumped(texts)
	s.SmallAlone = smallAlone(pieces)
	s.hold(events)
	return s
}

// countPerRead counts texts only: what begins and ends an item comes together by nature.
func (s *Shape) countPerRead(texts []*arrival.Piece) {
	per := map[int]int{}
	for _, p := range texts {
		per[p.Read]++
		s.MostPerRead = max(s.MostPerRead, per[p.Read])
	}
	if len(per) > 0 {
		s.PerRead = round(float64(len(texts)) / float64(len(per)))
	}
}

// clumped reports whether most texts came in clumps, with a pause before one of them.
func clumped(texts []*arrival.Piece) bool {
	if len(texts) < fewest {
		return false
	}
	inClumps, longest := 0, time.Duration(0)
	size, wait := 1, texts[0].At
	end := func() {
		if size >= clump {
			inClumps += size
			longest = max(longest, wait)
		}
	}
	for i := 1; i < len(texts); i++ {
		gap := texts[i].At - texts[i-1].At
		if gap < together {
			size++
			continue
		}
		end()
		size, wait = 1, gap
	}
	end()
	return 2*inClumps >= len(texts) && longest >= pause
}

// smallAlone looks for reads that brought little and were followed by silence.
func smallAlone(pieces []*arrival.Piece) bool {
	bytes := map[int]int{}
	for _, p := range pieces {
		bytes[p.Read] += p.Bytes
	}
	for i := 1; i < len(pieces); i++ {
		if pieces[i].At-pieces[i-1].At >= pause && bytes[pieces[i-1].Read] <= alone {
			return true
		}
	}
	return false
}

// hold compares times of writing and of arrival. The clocks need not agree: the fastest piece is the measure.
func (s *Shape) hold(events []*arrival.Piece) {
	var late []float64
	for _, p := range events {
		if p.Written != nil {
			late = append(late, *ms(p.At)-*p.Written)
		}
	}
	if len(late) < 2 {
		return
	}
	fastest := slices.Min(late)
	for i := range late {
		late[i] = max(0, late[i]-fastest)
	}
	p50, most := percentile(late, 50), percentile(late, 100)
	s.HeldP50, s.HeldMax = &p50, &most
}

// held reports whether pieces were held back on the way, and whether that is known at all.
func (s *Shape) held() (held, known bool) {
	if s.HeldP50 == nil {
		return false, false
	}
	// One piece that is late is a hiccup of a machine, or of a network.
	return *s.HeldP50 > heldTooFar || *s.HeldMax > 5*heldTooFar && s.Clumped, true
}

func ms(d time.Duration) *float64 {
	v := round(float64(d) / float64(time.Millisecond))
	return &v
}

// round keeps what can be measured: microseconds.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// percentile returns the smallest value that p percent of the values do not exceed, 0 for no values.
func percentile(values []float64, p int) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	i := (len(sorted)*p + 99) / 100
	return sorted[max(i, 1)-1]
}
