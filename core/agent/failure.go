package agent

import (
	"context"
	"errors"
)

// A Failure is what a user is told about an error.
type Failure struct {
	// Message is shown as it is. Empty shows the client's own, localized text.
	Message string
	// Retry offers to try again.
	Retry bool
}

// Describe chooses what a user is told about err. It knows the errors of this package and gives a
// general answer for all others; no text of a provider ever comes through, for it may name organisations
// and keys. It returns nil if there is nobody to tell: the run was cancelled.
func Describe(err error) *Failure {
	var e *Error
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return nil
	case errors.Is(err, ErrMaxTurns), errors.Is(err, ErrLoop):
		return &Failure{Message: "The assistant could not finish. Please try again or ask differently.", Retry: true}
	case errors.Is(err, ErrGuard):
		return &Failure{Message: "The assistant cannot help with this."}
	case errors.As(err, &e) && e.Quota():
		return &Failure{Message: "The assistant is not available at the moment."}
	case errors.As(err, &e) && e.Busy():
		return &Failure{Message: "The assistant is busy. Please try again in a moment.", Retry: true}
	case errors.As(err, &e) && e.has("context_length_exceeded"):
		return &Failure{Message: "This conversation has become too long. Please start a new one."}
	case errors.As(err, &e) && e.has("content_filter", "content_policy_violation", "bio_policy"):
		return &Failure{Message: "The request was stopped by a content filter."}
	case errors.As(err, &e):
		return &Failure{Retry: e.Retryable()}
	}
	return &Failure{Retry: true}
}

// incompleteError is the error of a run that hit a limit, under IncompleteAsError.
func incompleteError(r Reason) error {
	code := "max_output_tokens"
	if r == ReasonContentFilter {
		code = "content_filter"
	}
	return &Error{Code: code, Message: "response incomplete"}
}
