package fileengine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/run/memengine"
)

// maxLine and maxBatch bound what is read of a file at a time, and so what is written.
const (
	maxLine  = 1 << 20
	maxBatch = 64 << 20
)

// A record is the form of a change in a file.
type record struct {
	Kind    string            `json:"k"`
	Key     run.Key           `json:"key,omitzero"`
	Claim   *run.ClaimRequest `json:"claim,omitempty"`
	Epoch   uint64            `json:"epoch,omitempty"`
	Node    string            `json:"node,omitempty"`
	First   run.Seq           `json:"first,omitempty"`
	Last    run.Seq           `json:"last,omitempty"`
	Bytes   int               `json:"n,omitempty"`
	Signal  *run.Signal       `json:"signal,omitempty"`
	Outcome *run.Outcome      `json:"outcome,omitempty"`
	At      time.Time         `json:"at,omitzero"`
}

// recordOf returns the form of a change in a file.
func recordOf(c memengine.Change) record {
	r := record{Kind: string(c.Kind), Epoch: c.Epoch, Node: c.Node, At: c.At}
	switch c.Kind {
	case memengine.Claimed:
		r.Key, r.Claim = c.Key, &c.Claim
	case memengine.Appended:
		r.First, r.Last, r.Bytes = c.Batch.First, c.Batch.Last, len(c.Batch.Data)
	case memengine.Signalled:
		r.Signal = &c.Signal
	case memengine.Ended:
		r.Outcome = &c.Outcome
	case memengine.TakenOver:
	}
	return r
}

// errDamaged says that what comes next is no whole record.
var errDamaged = errors.New("damaged record")

// readRecord reads one record and returns how long it is.
func readRecord(in *bufio.Reader) (c memengine.Change, n int, err error) {
	line, err := in.ReadSlice('\n')
	if errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull) {
		err = errDamaged
	}
	if err != nil {
		return c, 0, err
	}
	var r record
	if json.Unmarshal(line, &r) != nil || len(r.Kind) != 1 || r.Bytes < 0 || r.Bytes > maxBatch {
		return c, 0, errDamaged
	}
	n = len(line) + r.Bytes // line is gone with the next read
	c = memengine.Change{Kind: memengine.ChangeKind(r.Kind[0]), Key: r.Key, Epoch: r.Epoch, Node: r.Node, At: r.At}
	whole := true
	switch c.Kind {
	case memengine.Claimed:
		if whole = r.Claim != nil; whole {
			c.Claim = *r.Claim
		}
	case memengine.Appended:
		c.Batch = run.Batch{First: r.First, Last: r.Last, Data: make([]byte, r.Bytes)}
		_, err := io.ReadFull(in, c.Batch.Data)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return c, 0, err
		}
		whole = err == nil && wholeLines(c.Batch)
	case memengine.Signalled:
		if whole = r.Signal != nil; whole {
			c.Signal = *r.Signal
		}
	case memengine.Ended:
		if whole = r.Outcome != nil; whole {
			c.Outcome = *r.Outcome
		}
	case memengine.TakenOver:
	default:
		whole = false
	}
	if !whole || c.Kind != memengine.Appended && r.Bytes != 0 {
		return c, 0, errDamaged
	}
	return c, n, nil
}

// wholeLines reports whether a batch holds one line for each event.
func wholeLines(b run.Batch) bool {
	lines := uint64(bytes.Count(b.Data, []byte("\n"))) // not negative
	return b.Last >= b.First && uint64(b.Last-b.First) == lines-1 && bytes.HasSuffix(b.Data, []byte("\n"))
}
