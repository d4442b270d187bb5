package widget_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gochatkit/chatkit/core/widget/internal/sample"
	"github.com/gochatkit/chatkit/core/widget/internal/spec"
)

// testdata/typed.jsonl holds what the reference's typed classes write for each sample.
func TestTypedComponentsWriteTheBytesOfTheReference(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "typed.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range bytes.Lines(b) {
		var v struct{ Name, Want string }
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		want[v.Name] = v.Want
	}
	samples := sample.All()
	if len(samples) != len(want) {
		t.Errorf("%d samples, want %d", len(samples), len(want))
	}
	for _, s := range samples {
		got, err := s.Component.MarshalJSON()
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if s.Name == "Card" || strings.HasPrefix(s.Name, "Card.border") {
			// The reference has no class for a card with a border, so the order is that of a dynamic root.
			if !reflect.DeepEqual(decode(t, got), decode(t, []byte(want[s.Name]))) {
				t.Errorf("%s:\n got %s\nwant %s", s.Name, got, want[s.Name])
			}
			continue
		}
		if string(got) != want[s.Name] {
			t.Errorf("%s:\n got %s\nwant %s", s.Name, got, want[s.Name])
		}
	}
}

// testdata/reference.txt lists every member of the reference's classes in order, and their allowed values.
func TestTheTableHasEveryMemberOfTheReference(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "reference.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reference := map[string][][]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		typ, rest, _ := strings.Cut(lines.Text(), " ")
		reference[typ] = append(reference[typ], strings.SplitN(rest, " ", 3))
	}
	if len(reference) != 27 {
		t.Fatalf("reference.txt has %d components, want 27", len(reference))
	}
	for typ, members := range reference {
		i := slices.IndexFunc(spec.Components, func(c spec.Component) bool { return c.Type == typ })
		if i < 0 {
			t.Errorf("no component %s", typ)
			continue
		}
		var props []spec.Prop
		for _, p := range spec.Components[i].Props {
			switch {
			case p == spec.Head:
				props = append(props, spec.Prop{Name: "key"}, spec.Prop{Name: "id"}, p)
			case typ == "Card" && p.Name == "border":
			case typ == "Basic" && p.Name != "children": // free-form in the reference
			default:
				props = append(props, p)
			}
		}
		if len(props) != len(members) {
			t.Errorf("%s has %d members, want %d", typ, len(props), len(members))
			continue
		}
		for i, m := range members {
			p := props[i]
			if p.Name != m[0] {
				t.Errorf("%s member %d is %s, want %s", typ, i, p.Name, m[0])
			}
			var allowed []string
			if len(m) > 2 {
				allowed = strings.Split(m[2], "|")
			}
			got := p.Allowed()
			switch p.Kind {
			case spec.Icon, spec.IconName:
				got = spec.Icons
			case spec.Limit:
				got = []string{"auto"}
			}
			if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(allowed))) {
				t.Errorf("%s.%s allows %q, want %q", typ, p.Name, got, allowed)
			}
			if must := strings.HasSuffix(string(p.Kind), "!") || p.Kind == spec.Child; must != (m[1] == "required") && typ != "Basic" { // clients want its children
				t.Errorf("%s.%s required = %t, want %s", typ, p.Name, must, m[1])
			}
		}
	}
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("decode %s: %v", b, err)
	}
	return v
}
