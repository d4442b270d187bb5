package chatkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Payload decodes the payload of an action, which comes from a browser and can be anything. It is strict:
// members that T does not have, a payload of another shape and none at all are errors. A T for which null
// has a meaning, a pointer, a map, a slice or json.RawMessage, accepts none. Form controls add their values
// to the payload under their names, so T needs members for those as well (ChatKit protocol: actions).
//
// The error is a *StreamError: returned from Action it ends the turn with a text for the user, returned
// from SyncAction it refuses the request with 400. What exactly was wrong is in its Err, for the log.
func Payload[T any](a *Action) (T, error) {
	var none, payload T
	if raw := bytes.TrimSpace(a.Payload); len(raw) == 0 || string(raw) == "null" {
		if null, err := json.Marshal(payload); err == nil && string(null) == "null" {
			return payload, nil
		}
		return none, badPayload(errors.New("it has no payload"))
	}
	dec := json.NewDecoder(bytes.NewReader(a.Payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&payload); err != nil {
		return none, badPayload(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return none, badPayload(errors.New("there is more after the payload"))
	}
	return payload, nil
}

// errBadAction says that a browser has sent an action that no page of the application sends.
var errBadAction = errors.New("bad action")

func badPayload(err error) error {
	return &StreamError{Message: "The server does not understand the data of this action.", Err: fmt.Errorf("%w: %w", errBadAction, err)}
}
