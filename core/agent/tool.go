package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gochatkit/chatkit/core/internal/jsonx"
)

// A Tool is something that a model can call. Make it with [Func], [ClientTool] or [RawTool].
type Tool struct {
	ToolSpec
	// Timeout ends a call that takes longer. A function that ignores its context is left behind; what it
	// emits afterwards is refused. Defaults to 0: the run's context is the only limit.
	Timeout time.Duration

	call func(ctx context.Context, args json.RawMessage) (string, error) // nil for a client tool
}

// WithTimeout returns the tool with a timeout.
func (t Tool) WithTimeout(d time.Duration) Tool {
	t.Timeout = d
	return t
}

// Client reports whether the browser runs the tool.
func (t Tool) Client() bool { return t.call == nil }

// Func makes a tool of a function. The schema of its arguments is inferred from In, a struct:
//
//   - names as in encoding/json; every member is required, and null where the tag has omitempty or the
//     type is a pointer
//   - the tag jsonschema:"…" describes a member, enum:"a,b" lists its values
//   - maps, interfaces and types that contain themselves are not possible
//
// Func panics if In has no such schema. The result is given to the model as text: a string as it is,
// anything else as JSON. An error's text is not given to the model, because it may name what nobody
// should know; see [Tell].
func Func[In, Out any](name, description string, f func(ctx context.Context, in In) (Out, error)) Tool {
	t := Tool{ToolSpec: ToolSpec{Name: name, Description: description, Schema: mustInfer[In](name), Strict: true}}
	t.call = func(ctx context.Context, args json.RawMessage) (string, error) {
		var in In
		if err := json.Unmarshal(args, &in); err != nil {
			return "", Tell("The arguments are not valid: %v", err)
		}
		out, err := f(ctx, in)
		if err != nil {
			return "", err
		}
		return outputText(out)
	}
	return t
}

// ClientTool makes a tool that the browser runs. The run ends with the call, and the next turn of the
// thread brings the answer. The schema is inferred as by [Func].
func ClientTool[In any](name, description string) Tool {
	return Tool{ToolSpec: ToolSpec{Name: name, Description: description, Schema: mustInfer[In](name), Strict: true}}
}

// RawTool makes a tool with a schema of your own. strict says that it is of the strict subset.
func RawTool(spec ToolSpec, f func(ctx context.Context, args json.RawMessage) (string, error)) Tool {
	if f == nil {
		panic("agent: tool " + spec.Name + " without a function")
	}
	if !json.Valid(spec.Schema) {
		panic("agent: tool " + spec.Name + " without a valid schema")
	}
	return Tool{ToolSpec: spec, call: f}
}

func mustInfer[In any](name string) json.RawMessage {
	if name == "" {
		panic("agent: tool without a name")
	}
	s, err := InferSchema[In]()
	if err != nil {
		panic(fmt.Sprintf("agent: schema of tool %s: %v", name, err))
	}
	return s
}

func outputText(out any) (string, error) {
	switch out := out.(type) {
	case string:
		return out, nil
	case json.RawMessage:
		return string(out), nil
	case []byte:
		return string(out), nil
	}
	b, err := jsonx.Marshal(out)
	if err != nil {
		return "", fmt.Errorf("encode result: %w", err)
	}
	return string(b), nil
}

// Tell makes an error whose text the model gets to read, so that it can do better: "no city of that
// name".
func Tell(format string, args ...any) error { return &toldError{fmt.Errorf(format, args...)} }

type toldError struct{ err error }

func (e *toldError) Error() string { return e.err.Error() }
func (e *toldError) Unwrap() error { return e.err }

// PanicError is a tool that panicked.
type PanicError struct {
	Value any
	Stack []byte
}

// Error says what the tool panicked with.
func (e *PanicError) Error() string { return fmt.Sprintf("tool panicked: %v", e.Value) }

// ErrToolTimeout is the cause of the end of a tool's context. See [Tool.Timeout].
var ErrToolTimeout = errors.New("tool took too long")
