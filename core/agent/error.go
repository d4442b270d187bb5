package agent

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors that end a run. Test for them with errors.Is.
var (
	// ErrTruncated says that a stream ended before the model did.
	ErrTruncated = errors.New("model stream ended early")
	// ErrIdle says that the model sent nothing for too long.
	ErrIdle = errors.New("model sent nothing for too long")
	// ErrTooLong says that a message passed the limit of [MaxMessageBytes].
	ErrTooLong = errors.New("message too long")
	// ErrRunOver says that something was emitted into a run that had already ended.
	ErrRunOver = errors.New("run is over")
	// ErrMaxTurns says that the model asked for tools again and again. See [MaxTurns].
	ErrMaxTurns = errors.New("too many turns")
	// ErrLoop says that the model called the same tool with the same arguments four times.
	ErrLoop = errors.New("model repeats the same call")
	// ErrGuard says that a guard refused the run. See [InputGuard].
	ErrGuard = errors.New("refused by a guard")
)

// Error is a failure told by a model's provider. Its texts are for logs: they may name
// organisations, projects and keys, so they are never shown to a user.
type Error struct {
	Status     int           // HTTP status, 0 if the failure came inside a stream
	Code       string        // the provider's code, such as "rate_limit_exceeded"
	Type       string        // the provider's class, such as "insufficient_quota"
	Message    string        // the provider's text
	RetryAfter time.Duration // what the provider asked for, 0 if nothing
	Err        error         // the cause, if any
}

// Error describes the failure for a log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("model")
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	for _, s := range []string{e.Code, e.Message} {
		if s != "" {
			b.WriteString(": ")
			b.WriteString(s)
		}
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Quota reports whether the account has run out of what it paid for. Trying again does not help.
func (e *Error) Quota() bool {
	return e.has("insufficient_quota", "billing_hard_limit_reached", "billing_not_active") || e.Status == 402
}

// Busy reports whether the provider asked to slow down.
func (e *Error) Busy() bool {
	return !e.Quota() && (e.Status == 429 || e.has("rate_limit_exceeded", "rate_limit_error", "overloaded_error", "slow_down"))
}

// Retryable reports whether the same request may succeed later: not after quota, authentication and
// invalid requests.
func (e *Error) Retryable() bool {
	switch {
	case e.Quota():
		return false
	case e.Busy(), e.Status == 408, e.Status == 409:
		return true
	case e.Status >= 400 && e.Status < 500:
		return false
	}
	return !e.has("invalid_request_error", "invalid_prompt", "invalid_api_key", "authentication_error", "permission_error",
		"not_found_error", "model_not_found", "context_length_exceeded", "string_above_max_length", "unsupported_value",
		"bio_policy", "content_policy_violation", "content_filter", "tool_use_failed", "not_a_stream")
}

func (e *Error) has(codes ...string) bool {
	for _, c := range codes {
		if e.Code == c || e.Type == c {
			return true
		}
	}
	return false
}
