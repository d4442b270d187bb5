package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gochatkit/chatkit/core/widget"
	"github.com/gochatkit/chatkit/core/widget/internal/sample"
	"github.com/gochatkit/chatkit/core/widget/internal/spec"
)

const header = `import type { Widgets } from '@openai/chatkit';

type Any = Widgets.WidgetRoot | Widgets.WidgetComponent | Widgets.ListViewItem;
type C<T> = Extract<Any, { type: T }>;
type Known<T, X> = [C<T>] extends [never] ? never : X;
type Member<T, K> = C<T> extends infer O ? O extends { [k in K & string]?: infer V } ? NonNullable<V> : never : never;
type Keys<T> = C<T> extends infer O ? O extends unknown ? keyof O : never : never;
`

// parts are objects inside components of which the compiler would report only the first surprise.
var parts = []struct{ name, typ, literal string }{
	{"ActionConfig.handler", "Member<'Button', 'onClickAction'>", `{"type":"go","handler":"server"}`},
	{"ActionConfig.loadingBehavior", "Member<'Button', 'onClickAction'>", `{"type":"go","loadingBehavior":"auto"}`},
	{"ActionConfig.streaming", "Member<'Button', 'onClickAction'>", `{"type":"go","streaming":true}`},
	{"ActionConfig.payload", "Member<'Button', 'onClickAction'>", `{"type":"go","payload":{"a":[1]}}`},
	{"ActionConfig.payload that is no object", "Member<'Button', 'onClickAction'>", `{"type":"go","payload":1}`},
	{"SelectOption.disabled", "Member<'Select', 'options'>[number]", `{"value":"a","label":"A","disabled":true}`},
	{"SelectOption.description", "Member<'Select', 'options'>[number]", `{"value":"a","label":"A","description":"d"}`},
}

// write puts each sample on a line of its own, after a comment with its name. Then it asks, the other way
// round, for members and values that the declarations have and we do not.
func write(dir string) error {
	b := bytes.NewBufferString(header)
	n := 0
	line := func(name, typ, literal string) {
		n++
		literal = strings.ReplaceAll(literal, "\u2028", `\u2028`) // the compiler takes it for the end of a line
		fmt.Fprintf(b, "// %+q\nexport const s%d: %s = %s;\n", name, n, typ, literal)
	}
	for _, s := range sample.All() {
		raw, err := s.Component.MarshalJSON()
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if s.Member == "" {
			continue // the single members say it more clearly
		}
		line(s.Name, "Any", string(widget.StripNulls(nil, raw)))
	}
	for _, p := range parts {
		line(p.name, p.typ, p.literal)
	}
	for _, c := range spec.Components {
		if c.Role == spec.Part {
			continue
		}
		ours := []string{"key", "id", "type"}
		for _, p := range c.Props {
			if p.Name != "" && p != spec.Head {
				ours = append(ours, p.Name)
			}
		}
		line("missing from "+c.Type, "never", fmt.Sprintf("null as never as Known<%q, Exclude<Keys<%[1]q>, %s>>", c.Type, union(ours)))
		for _, p := range c.Props {
			allowed := p.Allowed()
			if p.Kind == spec.Icon || p.Kind == spec.IconName {
				allowed = spec.Icons
			}
			if allowed != nil {
				line("missing from "+c.Type+"."+p.Name, "never", fmt.Sprintf("null as never as Known<%q, Exclude<Member<%[1]q, %q>, %s>>", c.Type, p.Name, union(allowed)))
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, "fixture.ts"), b.Bytes(), 0o644)
}

func union(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(quoted, " | ")
}
