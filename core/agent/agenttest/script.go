package agenttest

import (
	"net/http"
	"time"
)

// A Script is what the fake provider does with one request. One of Answer, Events, Body says what it
// sends; without any it makes up an answer to the question.
type Script struct {
	Answer *Answer  // in the wire format of the endpoint that was asked
	Events []string // the data of each event
	Body   string   // the whole body, as it is

	Status      int         // 0 is 200
	Header      http.Header // added to the response
	ContentType string      // "" is text/event-stream, or application/json for a Status of 400 and above

	HeaderDelay time.Duration // before the status line
	FirstDelay  time.Duration // before the first event
	Pace        time.Duration // between events
	Jitter      time.Duration // added to Pace, at random up to this

	// Stop breaks the body after StopAfter events, or after StopAfter writes of Piece bytes.
	Stop      Stop
	StopAfter int

	Piece int  // bytes of each write; 0 writes whole events. Splits lines and characters
	CRLF  bool // lines end in CR LF
	NoEnd bool // the last event lacks its blank line, and [DONE] is not sent
}

// Stop is a way in which a stream ends before its time.
type Stop int

// The ways to stop.
const (
	StopNever  Stop = iota
	StopClean       // the body ends as if it were complete
	StopReset       // the connection breaks
	StopSilent      // nothing more is sent until the client goes away
)

// Refuse is a script that answers with an error, such as 429 with code "rate_limit_exceeded".
func Refuse(status int, code, message string, header http.Header) Script {
	return Script{
		Status: status, Header: header,
		Body: encode(object{"error": object{"message": message, "type": code, "code": code}}),
	}
}

// Say is a script that answers with a text.
func Say(text string) Script { return Script{Answer: &Answer{Text: text}} }
