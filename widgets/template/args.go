package widgettemplate

import "fmt"

// args are the arguments of a call or a filter.
type args struct {
	list  []value
	names []string
	named []value
}

// absent stands for an argument that was not given.
type absent struct{}

// bind returns the arguments in the order of names, absent where none was given.
func (a args) bind(names ...string) ([]value, error) {
	if len(a.list) > len(names) {
		return nil, fmt.Errorf("%d arguments, want at most %d", len(a.list), len(names))
	}
	out := make([]value, len(names))
	for i := range out {
		out[i] = absent{}
	}
	copy(out, a.list)
	for i, n := range a.names {
		found := false
		for j, name := range names {
			if n == name && out[j] == (absent{}) {
				out[j], found = a.named[i], true
			}
		}
		if !found {
			return nil, fmt.Errorf("unexpected argument %q", n)
		}
	}
	return out, nil
}

func given(v value) bool {
	_, no := v.(absent)
	return !no
}

// flag returns a switch that is false if it was not given.
func flag(v value) (bool, error) {
	if !given(v) {
		return false, nil
	}
	return truth(v)
}

// number returns an int, or other if none was given.
func number(v value, other int) (int, error) {
	if !given(v) || v == nil {
		return other, nil
	}
	n, ok := small(v)
	if !ok {
		return 0, fmt.Errorf("%s where a number was expected", kind(v))
	}
	return n, nil
}

// text returns a string, or other if none was given.
func text(v value, other string) (string, error) {
	if !given(v) || v == nil {
		return other, nil
	}
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%s where a string was expected", kind(v))
	}
	return s, nil
}
