package widgettemplate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/gochatkit/chatkit/core/widget"
)

// Limits bounds what one template may cost. The zero value of a field stands for its default.
type Limits struct {
	// Source is the largest template text in bytes. Defaults to 256 KiB.
	Source int
	// Output is the largest rendered text in bytes; text made on the way may take 16 times that in all.
	// Defaults to 1 MiB.
	Output int
	// Steps is the largest number of steps: about one for each expression that is evaluated and each element
	// that is looked at. Defaults to 1,000,000, which takes well under a second.
	Steps int
}

func (l Limits) withDefaults() Limits {
	if l.Source <= 0 {
		l.Source = 256 << 10
	}
	if l.Output <= 0 {
		l.Output = 1 << 20
	}
	if l.Steps <= 0 {
		l.Steps = 1_000_000
	}
	return l
}

// Options are the options of [New], [Parse], [Load] and [NewSet]. Nil is the same as the zero value.
type Options struct {
	// Limits bounds each rendering. Defaults to the defaults of its fields.
	Limits Limits
}

// Template is a compiled .widget file. It is safe for concurrent use.
type Template struct {
	name   string
	schema json.RawMessage
	body   []statement
	limits Limits
}

// Error is an error in a template's text, or one that happened while it was rendered.
type Error struct {
	// Template is the template's name.
	Template string
	// Line is the line in the template's text, starting at 1, or 0 if the error belongs to none.
	Line int
	// Err says what is wrong.
	Err error
}

// Error returns the name, the line and what is wrong.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("widget template %s: %v", e.Template, e.Err)
	}
	return fmt.Sprintf("widget template %s: line %d: %v", e.Template, e.Line, e.Err)
}

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.Err }

func wrap(name string, err error) error {
	var le *lineError
	if errors.As(err, &le) {
		return &Error{name, le.line, le.err}
	}
	return &Error{name, 0, err}
}

// Version is the version of the file format that this package reads.
const Version = "1.0"

// Parse compiles the content of a .widget file. It fails if that is not JSON, if its version is not [Version],
// or if name or template is missing, with an [*Error] if the template's text is wrong.
func Parse(file []byte, opts *Options) (*Template, error) {
	var f struct {
		Version    json.RawMessage `json:"version"`
		Name       *string         `json:"name"`
		Template   *string         `json:"template"`
		JSONSchema json.RawMessage `json:"jsonSchema"`
	}
	if err := json.Unmarshal(file, &f); err != nil {
		return nil, fmt.Errorf("parse widget file: %w", err)
	}
	var version string
	if json.Unmarshal(f.Version, &version) != nil || version != Version {
		return nil, fmt.Errorf("parse widget file: its version is %.20s, want %q", f.Version, Version)
	}
	if f.Name == nil || f.Template == nil {
		return nil, errors.New("parse widget file: it needs a name and a template")
	}
	t, err := New(*f.Name, *f.Template, opts)
	if err != nil {
		return nil, err
	}
	if len(f.JSONSchema) > 0 {
		t.schema = f.JSONSchema
	}
	return t, nil
}

// Load compiles a .widget file of fsys, such as an embed.FS. Use a [Set] to compile each file only once.
func Load(fsys fs.FS, name string, opts *Options) (*Template, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("load widget template: %w", err)
	}
	t, err := Parse(b, opts)
	if err != nil {
		return nil, fmt.Errorf("load widget template %s: %w", name, err)
	}
	return t, nil
}

// New compiles a template's text. The name only serves to tell templates apart. The error is an [*Error].
func New(name, text string, opts *Options) (*Template, error) {
	if opts == nil {
		opts = new(Options)
	}
	t := &Template{name: name, schema: json.RawMessage("{}"), limits: opts.Limits.withDefaults()}
	if len(text) > t.limits.Source {
		return nil, &Error{name, 0, fmt.Errorf("%w: its text has %d bytes", ErrLimit, len(text))}
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, wrap(name, err)
	}
	p := parser{tokens: tokens}
	if t.body, _, err = p.statements(); err != nil {
		return nil, wrap(name, err)
	}
	return t, nil
}

// Name returns the file's name member.
func (t *Template) Name() string { return t.name }

// Schema returns the JSON schema of the data, as the file has it; {} if it has none. It is not enforced.
func (t *Template) Schema() json.RawMessage { return t.schema }

// Render builds the widget for data: nil for none, or anything that encoding/json turns into an object, such as
// a map, a struct or a json.RawMessage. Loops over a map go in the order of the JSON, which for a Go map is that
// of its keys.
//
// It fails with an [*Error] if the template uses a name that data does not have, if the result is not JSON, if
// it breaks a rule of [widget.Validate], or if it goes over a limit, which is [ErrLimit]. It stops with ctx.
func (t *Template) Render(ctx context.Context, data any) (*widget.Dynamic, error) {
	text, err := t.text(ctx, data)
	if err != nil {
		return nil, wrap(t.name, err)
	}
	root, err := widget.Parse(json.RawMessage(text))
	if err != nil {
		return nil, wrap(t.name, err)
	}
	return root, nil
}

// text renders the template without reading the result.
func (t *Template) text(ctx context.Context, data any) (string, error) {
	vars, err := decodeData(data)
	if err != nil {
		return "", err
	}
	r := &run{ctx: ctx, limits: t.limits, out: new(strings.Builder), scope: &scope{vars: vars.vals}}
	r.push()
	if err := r.all(t.body); err != nil {
		return "", err
	}
	return r.out.String(), nil
}
