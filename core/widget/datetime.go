package widget

import (
	"strings"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// DateTime is a date of a [DatePicker] in ISO form: "2026-01-02" or "2026-01-02T15:04:05", with or without an
// offset. Without one it is a time of the user's own clock. Empty is unset.
type DateTime string

// At is the time t, in UTC and cut to microseconds.
func At(t time.Time) DateTime {
	return DateTime(strings.Trim(string(jsonx.AppendTime(nil, t)), `"`))
}

var dateForms = []string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339}

func (e *encoder) datetime(name string, d DateTime) {
	if d == "" {
		return
	}
	valid := false
	for _, form := range dateForms {
		if _, err := time.Parse(form, string(d)); err == nil {
			valid = true
			break
		}
	}
	if !valid {
		e.fail(name, "%q is not an ISO date or time", string(d))
	}
	e.text(name, string(d))
}
