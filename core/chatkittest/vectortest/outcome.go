package vectortest

import (
	"fmt"
	"io"
	"testing"
)

// An Outcome is the result of one vector.
type Outcome struct {
	// Kind is the vector's folder: "server", "bridge", "convert" or "widget_diff".
	Kind string
	// Name is the vector's file without its ending.
	Name string
	// Problems are the deviations. None means that the vector passed.
	Problems []string
	// Skipped says why the vector could not be played, empty if it was. It has not passed then, nor failed.
	Skipped string
	// Applied are the intended differences that were taken into account, by name;
	// see [Differences].
	Applied []string
	// Exact counts the exchanges whose answer was the reference's to the byte, times
	// taken without their zone, and comment and id lines left out.
	Exact int
	// Inexact says of each other exchange why its bytes differ.
	Inexact []string
}

// Passed reports whether there were no problems.
func (o *Outcome) Passed() bool { return len(o.Problems) == 0 }

func (o *Outcome) problem(format string, args ...any) {
	o.Problems = append(o.Problems, fmt.Sprintf(format, args...))
}

// Run plays the server vectors in dir as subtests. A nil opts means the defaults.
func Run(t *testing.T, dir string, open Open, opts *Options) {
	t.Helper()
	outcomes, err := Server(t.Context(), dir, open, opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(outcomes) == 0 {
		t.Fatalf("no server vectors in %s", dir)
	}
	Report(t, outcomes)
}

// Report makes a subtest of every outcome.
func Report(t *testing.T, outcomes []*Outcome) {
	t.Helper()
	exact, all := 0, 0
	for _, o := range outcomes {
		exact, all = exact+o.Exact, all+o.Exact+len(o.Inexact)
		t.Run(o.Kind+"/"+o.Name, func(t *testing.T) {
			for _, p := range o.Problems {
				t.Error(p)
			}
			if o.Skipped != "" {
				t.Skip(o.Skipped)
			}
			for _, why := range o.Inexact {
				t.Logf("not equal to the byte: %s", why)
			}
		})
	}
	if all > 0 {
		t.Logf("%d of %d answers are equal to the byte", exact, all)
	}
}

// Write writes the outcomes that failed, and with verbose all of them and what
// was not equal to the byte. It returns how many passed and failed.
func Write(w io.Writer, title string, outcomes []*Outcome, verbose bool) (passed, failed int) {
	exact, all, skipped := 0, 0, 0
	for _, o := range outcomes {
		exact, all = exact+o.Exact, all+o.Exact+len(o.Inexact)
		switch {
		case o.Skipped != "":
			skipped++
			fmt.Fprintf(w, "SKIP %s: %s/%s: %s\n", title, o.Kind, o.Name, o.Skipped)
		case o.Passed():
			passed++
		default:
			failed++
			fmt.Fprintf(w, "FAIL %s: %s/%s\n", title, o.Kind, o.Name)
			for _, p := range o.Problems {
				fmt.Fprintf(w, "     %s\n", p)
			}
		}
		if !verbose {
			continue
		}
		for _, name := range o.Applied {
			fmt.Fprintf(w, "     %s/%s: intended difference: %s\n", o.Kind, o.Name, name)
		}
		for _, why := range o.Inexact {
			fmt.Fprintf(w, "     %s/%s: not equal to the byte: %s\n", o.Kind, o.Name, why)
		}
	}
	fmt.Fprintf(w, "%s: %d passed, %d failed", title, passed, failed)
	if skipped > 0 {
		fmt.Fprintf(w, ", %d skipped", skipped)
	}
	if all > 0 {
		fmt.Fprintf(w, ", %d of %d answers equal to the byte", exact, all)
	}
	fmt.Fprintln(w)
	return passed, failed
}
