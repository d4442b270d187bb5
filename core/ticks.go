package chatkit

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A ticksRequest asks for a stream of numbered events at even distances, which shows what the way between server and
// client does to a stream, without a turn. It is answered with Options.Debug only.
type ticksRequest struct {
	requestBase
	Count int64
	Gap   int64 // milliseconds
}

const (
	defaultTicks, maxTicks     = 20, 1000
	defaultTickGap, maxTickGap = 100, 5000    // milliseconds
	maxTicking                 = 60 * 1000    // milliseconds in all
	tickType                   = `debug.tick` // what a client sees
	ticksTooLong               = "params.count times params.gap must be at most one minute"
)

func (s *Server) ticks(r *ticksRequest) (*Result, error) {
	if !s.opts.Debug {
		return nil, &requestError{text: "type: unknown type of request"}
	}
	count, gap := r.Count, r.Gap
	if count <= 0 {
		count = defaultTicks
	}
	if gap <= 0 {
		gap = defaultTickGap
	}
	count, gap = min(count, maxTicks), min(gap, maxTickGap)
	if count*gap > maxTicking {
		return nil, refuse(http.StatusBadRequest, ticksTooLong)
	}
	return &Result{source: &ticks{count: int(count), gap: time.Duration(gap) * time.Millisecond}}, nil
}

// ticks is a source of events that say when they were made.
type ticks struct {
	count, next int
	gap         time.Duration
	began       time.Time
}

// Next implements source.
func (t *ticks) Next(ctx context.Context, dst []byte) ([]byte, error) {
	if t.next >= t.count {
		return dst, io.EOF
	}
	if t.next == 0 {
		t.began = time.Now()
	} else {
		timer := time.NewTimer(time.Until(t.began.Add(time.Duration(t.next) * t.gap)))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return dst, context.Cause(ctx)
		}
	}
	dst = append(dst, `data: {"type":"`+tickType+`","n":`...)
	dst = strconv.AppendInt(dst, int64(t.next), 10)
	dst = strconv.AppendInt(append(dst, `,"of":`...), int64(t.count), 10)
	dst = appendMilliseconds(append(dst, `,"t":`...), time.Since(t.began))
	t.next++
	return append(dst, "}\n\n"...), nil
}

// Rest implements source: what is missing is not made up.
func (*ticks) Rest(dst []byte) ([]byte, error) { return dst, io.EOF }

func (*ticks) Sending() {}
func (*ticks) Seen()    {}
func (*ticks) Close()   {}

// appendTick appends the comment line that says how long after its request a write was made.
func appendTick(dst []byte, after time.Duration) []byte {
	return append(appendMilliseconds(append(dst, ": t="...), after), '\n')
}

func appendMilliseconds(dst []byte, d time.Duration) []byte {
	return strconv.AppendFloat(dst, float64(d.Microseconds())/1000, 'f', -1, 64)
}
