package probe

import (
	"testing"
	"time"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
)

// texts are pieces of text that arrive at the given milliseconds, each read by itself unless it came with the
// one before.
func texts(at ...int) []*arrival.Piece {
	var out []*arrival.Piece
	read := 0
	for i, ms := range at {
		if i == 0 || ms != at[i-1] {
			read++
		}
		out = append(out, &arrival.Piece{At: time.Duration(ms) * time.Millisecond, Read: read, Bytes: 100, Text: true})
	}
	return out
}

// written says when the server wrote the pieces.
func written(pieces []*arrival.Piece, at ...float64) []*arrival.Piece {
	for i, ms := range at {
		pieces[i].Written = &ms
	}
	return pieces
}

func every(n, gap int) []int {
	var at []int
	for i := range n {
		at = append(at, (i+1)*gap)
	}
	return at
}

func inClumps(n, size, pause int) []int {
	var at []int
	for i := range n {
		at = append(at, (i/size+1)*pause)
	}
	return at
}

func TestClumps(t *testing.T) {
	for _, c := range []struct {
		name string
		at   []int
		want bool
	}{
		{"nothing", nil, false},
		{"an even flow", every(50, 20), false},
		{"a fast flow", every(50, 1), false}, // all of it is one clump, and nobody waits
		{"a slow flow", every(20, 400), false},
		{"clumps", inClumps(60, 15, 300), true},
		{"clumps so close that nobody notices", inClumps(60, 10, 40), false},
		{"pairs", inClumps(60, 2, 300), false},
		{"everything after a while", inClumps(60, 60, 2000), true},
		{"everything at once", inClumps(60, 60, 20), false},
		{"few pieces", inClumps(6, 6, 2000), false},
		{"a flow with one hiccup", append(every(40, 20), 1500, 1500, 1500, 1500, 1500, 1500), false},
	} {
		if got := shapeOf(texts(c.at...)); got.Clumped != c.want {
			t.Errorf("%s: clumped = %v, want %v", c.name, got.Clumped, c.want)
		}
	}
}

func TestWhatIsHeldBack(t *testing.T) {
	late := func(n int, base float64, gap float64) []float64 {
		var at []float64
		for i := range n {
			at = append(at, base+float64(i+1)*gap)
		}
		return at
	}
	for _, c := range []struct {
		name        string
		pieces      []*arrival.Piece
		held, known bool
	}{
		{"without times", texts(every(20, 50)...), false, false},
		{"at once", written(texts(every(20, 50)...), late(20, 0, 50)...), false, true},
		{"on a slow network, and with another clock", written(texts(every(20, 50)...), late(20, -5000, 50)...), false, true},
		{"to the end", written(texts(inClumps(20, 20, 1000)...), late(20, 0, 50)...), true, true},
		{"for a quarter of a second each", written(texts(inClumps(40, 10, 500)...), late(40, 0, 50)...), true, true},
		{"bursts of the server's", written(texts(inClumps(40, 10, 500)...), func() (at []float64) {
			for _, ms := range inClumps(40, 10, 500) {
				at = append(at, float64(ms)-3)
			}
			return at
		}()...), false, true},
		{"one hiccup", written(texts(append(every(19, 50), 2000)...), late(20, 0, 50)...), false, true},
		{"half of it, for more than half a second", written(texts(append(every(20, 20), inClumps(20, 20, 1301)...)...), late(40, 0, 20)...), true, true},
		{"half of it, for less", written(texts(append(every(20, 20), inClumps(20, 20, 919)...)...), late(40, 0, 20)...), false, true},
	} {
		s := shapeOf(c.pieces)
		if held, known := s.held(); held != c.held || known != c.known {
			t.Errorf("%s: held = %v, known = %v; want %v, %v", c.name, held, known, c.held, c.known)
		}
	}
}

// What proxies collect is some kilobytes; a piece of a kilobyte that comes by itself shows that nobody does.
func TestASmallPieceByItself(t *testing.T) {
	for _, c := range []struct {
		name        string
		bytes, wait int
		want        bool
	}{
		{"small, and silence", 1300, 150, true},
		{"too large to tell", 1301, 150, false},
		{"no silence", 1300, 149, false},
	} {
		pieces := texts(10, 10+c.wait)
		pieces[0].Bytes = c.bytes
		if got := shapeOf(pieces).SmallAlone; got != c.want {
			t.Errorf("%s: alone = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestShapeCounts(t *testing.T) {
	pieces := texts(10, 10, 10, 40, 70, 70)
	beat := &arrival.Piece{At: 60 * time.Millisecond, Read: 3, Comment: true}
	hello := &arrival.Piece{At: time.Millisecond, Read: 0, Comment: true}
	pieces = append([]*arrival.Piece{hello}, append(pieces, beat)...)
	s := shapeOf(pieces)
	if s.Events != 6 || s.Texts != 6 || s.Heartbeats != 1 || s.Reads != 3 || s.MostPerRead != 3 || s.PerRead != 2 {
		t.Errorf("shape = %+v", s)
	}
	if *s.FirstEvent != 10 || *s.FirstText != 10 || s.GapP50 != 0 || s.GapP95 != 30 || s.GapMax != 30 {
		t.Errorf("times = %v %v %v %v %v", *s.FirstEvent, *s.FirstText, s.GapP50, s.GapP95, s.GapMax)
	}
}

func TestPercentiles(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	for p, want := range map[int]float64{50: 3, 95: 5, 100: 5, 1: 1} {
		if got := percentile(values, p); got != want {
			t.Errorf("percentile(%d) = %v, want %v", p, got, want)
		}
	}
	if got := percentile(nil, 50); got != 0 {
		t.Errorf("percentile of nothing = %v, want 0", got)
	}
}

func TestEveryLimitCanBeExceeded(t *testing.T) {
	first, text := 101.0, 102.0
	w := &Way{
		Rounds: []*Round{{FirstByte: &first, Shape: Shape{FirstText: &text, GapMax: 103, MostPerRead: 104}}},
		Cancel: &Cancel{Measured: true, Latency: 105},
	}
	const short, long = 100 * time.Millisecond, 105 * time.Millisecond
	for _, c := range []struct {
		tight, loose Limits
		want         Excess
	}{
		{Limits{FirstByte: short}, Limits{FirstByte: long}, Excess{"max-first-byte", 101, 100}},
		{Limits{FirstText: short}, Limits{FirstText: long}, Excess{"max-first-text", 102, 100}},
		{Limits{Gap: short}, Limits{Gap: long}, Excess{"max-gap", 103, 100}},
		{Limits{EventsPerRead: 100}, Limits{EventsPerRead: 104}, Excess{"max-events-per-read", 104, 100}},
		{Limits{Cancel: short}, Limits{Cancel: long}, Excess{"max-cancel", 105, 100}},
	} {
		if got := c.tight.excesses(w); len(got) != 1 || got[0] != c.want {
			t.Errorf("excesses = %v, want %v", got, c.want)
		}
		if got := c.loose.excesses(w); len(got) != 0 {
			t.Errorf("--%s: excesses = %v, want none", c.want.Limit, got)
		}
	}
	// What was not measured exceeds nothing.
	none := &Way{Rounds: []*Round{{}}, Cancel: &Cancel{Latency: 105}}
	all := Limits{FirstByte: short, FirstText: short, Gap: short, Cancel: short, EventsPerRead: 100}
	if got := all.excesses(none); len(got) != 0 {
		t.Errorf("excesses of nothing = %v, want none", got)
	}
}

func TestLimitsAreOfTheMedianRound(t *testing.T) {
	w := &Way{}
	for _, first := range []float64{10, 20, 900} {
		w.Rounds = append(w.Rounds, &Round{FirstByte: &first, Shape: Shape{GapMax: first, MostPerRead: int(first)}})
	}
	l := Limits{FirstByte: 15 * time.Millisecond, Gap: 25 * time.Millisecond, EventsPerRead: 19}
	got := l.excesses(w)
	want := []Excess{{"max-first-byte", 20, 15}, {"max-events-per-read", 20, 19}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("excesses = %v, want %v", got, want)
	}
	if none := (&Limits{}).excesses(w); len(none) != 0 {
		t.Errorf("without limits: %v, want none", none)
	}
}
