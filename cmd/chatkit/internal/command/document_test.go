package command

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/gochatkit/chatkit/cmd/chatkit/internal/doctor"
	"github.com/gochatkit/chatkit/cmd/chatkit/internal/probe"
)

// sections returns what docs/cli.md says of each command, by its name, and of all of them, under "".
func sections(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for i, part := range strings.Split(string(text), "\n## ") {
		name, rest, _ := strings.Cut(part, "\n")
		if i == 0 {
			name = ""
		}
		found[name] = rest
	}
	return found
}

// about returns the rows of tables and the paragraphs of a text that name a flag, "" if none does.
func about(text string, flag *regexp.Regexp) string {
	var found []string
	for part := range strings.SplitSeq(text, "\n\n") {
		units := []string{part}
		if strings.HasPrefix(part, "|") {
			units = strings.Split(part, "\n")
		}
		for _, unit := range units {
			if flag.MatchString(unit) {
				found = append(found, unit)
			}
		}
	}
	return strings.Join(found, "\n")
}

// spellings are the ways in which the document may write a default.
func spellings(f *pflag.Flag) []string {
	switch f.Value.Type() {
	case "duration":
		d, err := time.ParseDuration(f.DefValue)
		if err != nil || d == 0 {
			return nil
		}
		all := []string{fmt.Sprintf("%gs", d.Seconds()), fmt.Sprintf("%g s", d.Seconds())}
		if d%time.Minute == 0 {
			all = append(all, fmt.Sprintf("%gm", d.Minutes()), fmt.Sprintf("%g minutes", d.Minutes()))
		}
		if d == time.Minute {
			all = append(all, "a minute")
		}
		return all
	case "int":
		var n int
		if _, err := fmt.Sscan(f.DefValue, &n); err == nil && n >= 1<<20 {
			return []string{fmt.Sprintf("%d MiB", n>>20)}
		}
	case "bool", "stringArray":
		return nil
	}
	if f.DefValue == "" || f.DefValue == "0" {
		return nil
	}
	return []string{f.DefValue}
}

func TestTheDocumentHasEveryCommandAndFlag(t *testing.T) {
	doc := sections(t)
	flags := 0
	for _, cmd := range newRoot().Commands() {
		own, ok := doc[cmd.Name()]
		if !ok {
			t.Errorf("docs/cli.md has no section %q", cmd.Name())
			continue
		}
		if !strings.Contains(doc[""], "`chatkit "+cmd.Name()) {
			t.Errorf("docs/cli.md: the table of commands has no %s", cmd.Name())
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			flags++
			where := own
			if f.Name == "header" {
				where = doc[""] // every command has it
			}
			forms := "--" + f.Name
			if f.Shorthand != "" {
				forms = "(" + forms + "|-" + f.Shorthand + ")"
			}
			row := about(where, regexp.MustCompile("`"+forms+"[` =]"))
			if row == "" {
				t.Errorf("docs/cli.md: the section %s has no --%s", cmd.Name(), f.Name)
				return
			}
			wants := spellings(f)
			for _, want := range wants {
				if strings.Contains(row, want) {
					return
				}
			}
			if len(wants) > 0 {
				t.Errorf("docs/cli.md: %s --%s is described as %q, want its default, such as %q", cmd.Name(), f.Name, row, wants[0])
			}
		})
	}
	if flags < 25 {
		t.Errorf("%d flags were found, want those of all commands: is the search broken?", flags)
	}
}

func TestTheDocumentHasEveryMemberOfTheReports(t *testing.T) {
	doc := sections(t)
	word := regexp.MustCompile(`[a-z][a-z0-9_]*`)
	for command, report := range map[string]any{"probe": probe.Report{}, "doctor": doctor.Report{}, "vectors": vectorReport{}} {
		told := map[string]bool{}
		for i, span := range strings.Split(doc[command], "`") {
			if i%2 == 1 {
				for _, w := range word.FindAllString(span, -1) {
					told[w] = true
				}
			}
		}
		names := members(reflect.TypeOf(report))
		if len(names) < 4 {
			t.Errorf("%s: members = %q, want more: is the search broken?", command, names)
		}
		for _, name := range names {
			if !told[name] {
				t.Errorf("docs/cli.md: the section %s has no member %q", command, name)
			}
		}
	}
}

// members returns the names that a type has in JSON, and those of the types inside.
func members(of reflect.Type) (names []string) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		return members(of.Elem())
	case reflect.Struct:
		for i := range of.NumField() {
			f := of.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || !f.IsExported() {
				continue
			}
			if name != "" {
				names = append(names, name)
			}
			names = append(names, members(f.Type)...)
		}
	default: // has no members
	}
	return names
}
