package agent

import "errors"

// Errors with which a [Run] ends by itself. Test for them with errors.Is.
var (
	// ErrMaxTurns says that the model asked for tools again and again. See [MaxTurns].
	ErrMaxTurns = errors.New("too many turns")
	// ErrLoop says that the model called the same tool with the same arguments four times.
	ErrLoop = errors.New("model repeats the same call")
	// ErrGuard says that a guard refused the run. See [InputGuard].
	ErrGuard = errors.New("refused by a guard")
)
