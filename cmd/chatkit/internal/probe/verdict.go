package probe

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/arrival"
)

// A Verdict is what is wrong, in a word.
type Verdict string

// The verdicts.
const (
	OK         Verdict = "ok"
	Bursty     Verdict = "bursty"          // the responder writes in bursts
	Stalled    Verdict = "stalled"         // the answer stops
	Buffered   Verdict = "buffered"        // something on the way holds events back
	SlowStart  Verdict = "slow_first_byte" // the answer begins late
	CannotTell Verdict = "cannot_tell"     // bursts, and nothing says where they come from
	Failed     Verdict = "error"           // there was no answer to measure
)

// judge says what is wrong with the way that users take, and what to do about it. Direct is another way
// without what stands in front of the server, nil if there is none.
func judge(w, direct *Way, cfg *Config) (v Verdict, sentence, advice string) {
	held, known := w.holds()
	if held {
		return Buffered, "buffered on the way: " + w.heldWords(), adviceBuffered
	}
	if err := w.err(); err != nil {
		return Failed, "error: " + strings.TrimRight(err.Error(), ".") + ".", adviceFor(err)
	}
	if r := w.stalled(); r != nil {
		return w.judgeStall(r, known)
	}
	if w.most(func(r *Round) bool { return r.Clumped }) {
		return w.judgeClumps(direct, known)
	}
	first := w.median(func(r *Round) *float64 { return r.FirstByte })
	if limit := cfg.Limits.FirstByte; first != nil && limit > 0 && *first > *ms(limit) {
		return SlowStart, fmt.Sprintf("slow first byte: the answer begins after %s, then it flows.", human(*first)),
			"Look for what happens before the answer begins: login, database, the connection from the proxy to the server."
	}
	return OK, "ok: " + w.okWords(), ""
}

func (w *Way) judgeStall(r *Round, known bool) (Verdict, string, string) {
	after := "stalled: no event came for %s after " + r.StalledAfter
	wait := human(r.Total - last(r))
	if r.StalledAlive {
		return Stalled, fmt.Sprintf(after+", only heartbeats: the connection lives and the responder says nothing.", wait),
			"Look at what the responder waits for: the model, a tool, a lock. The server's log names the turn; Options.Run.Stall ends it."
	}
	advice := "Is the responder waiting, or the server? A heartbeat would tell: it comes every 15 s by default, see --stall."
	if !known && r.FirstByte == nil {
		advice += " Without a header, a proxy may also hold the answer back: switch the server's option Debug on, or compare with --via."
	}
	return Stalled, fmt.Sprintf(after+", and no heartbeat: the server is silent.", wait), advice
}

// last is when the last thing before a stall arrived.
func last(r *Round) float64 {
	if r.FirstByte == nil || r.FirstEvent == nil {
		return 0
	}
	return r.lastEvent
}

func (w *Way) judgeClumps(direct *Way, known bool) (Verdict, string, string) {
	what := w.clumpWords()
	source := "Look at the responder: it should pass on every piece of text when it has it, not collect them."
	if known {
		return Bursty, "bursty at the source: " + what + ", as the server wrote them; the way to here is fine.", source
	}
	if direct != nil {
		if direct.most(func(r *Round) bool { return r.Clumped }) {
			return Bursty, "bursty at the source: " + what + ", and so they do on the direct way.", source
		}
		return Buffered, "buffered on the way: " + what + ", but they flow on the direct way.", adviceBuffered
	}
	if w.most(func(r *Round) bool { return r.SmallAlone }) {
		return Bursty, "bursty at the source, most likely: " + what + ", although small pieces come through by themselves.",
			source + " To be sure, switch the server's option Debug on."
	}
	return CannotTell, "cannot tell: " + what + ", and nothing shows whether the responder writes so or something on the way holds them back.",
		"Switch the server's option Debug on and run this again. If there is a proxy in between, compare with the server itself: chatkit probe DIRECT-URL --via " + w.URL
}

const adviceBuffered = "Switch buffering off in the proxy, in nginx proxy_buffering off (see docs/nginx.md); look for " +
	"compression and for middlewares that collect the body."

// heldWords says how it is known that events were held back.
func (w *Way) heldWords() string {
	for _, r := range w.all() {
		if held, _ := r.held(); held {
			return fmt.Sprintf("the server wrote its events one by one, and they arrived up to %s late, %d of them in %s.",
				human(*r.HeldMax), r.Events, count(r.Reads, "read"))
		}
	}
	return "events arrive later than they were written."
}

func (w *Way) clumpWords() string {
	for _, r := range w.counts() {
		if r.Clumped {
			return fmt.Sprintf("%s of text arrive in clumps, up to %d at once, with pauses of up to %s", count(r.Texts, "piece"), r.MostPerRead, human(max(r.GapMax, *r.FirstText)))
		}
	}
	return "the pieces arrive in clumps"
}

func (w *Way) okWords() string {
	r := w.counts()[0]
	var parts []string
	if first := w.median(func(r *Round) *float64 { return r.FirstByte }); first != nil {
		parts = append(parts, "the first byte after "+human(*first))
	}
	if first := w.median(func(r *Round) *float64 { return r.FirstText }); first != nil {
		what := "text"
		if len(w.Rounds) == 0 {
			what = "tick"
		}
		parts = append(parts, "the first "+what+" after "+human(*first))
	}
	if gap := w.median(func(r *Round) *float64 { return &r.GapMax }); gap != nil {
		parts = append(parts, "no gap beyond "+human(*gap))
	}
	words := strings.Join(parts, ", ")
	if r.Texts < fewest {
		return words + fmt.Sprintf("; the answer has only %s of text, too few to say how they flow.", count(r.Texts, "piece"))
	}
	return words + ", and the text flows."
}

func adviceFor(err error) string {
	var answer *answerError
	switch {
	case arrival.Unreachable(err):
		return "Is the server running, and is this its address?"
	case refused(err):
		return "Is this the ChatKit route, and does it need a login (-H \"Authorization: …\")? Ask chatkit doctor."
	case errors.As(err, &answer):
		return ""
	}
	return "Ask chatkit doctor."
}

// human is a time that a person reads.
func human(ms float64) string {
	switch {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f s", ms/1000)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
