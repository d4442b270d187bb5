package widget

// Bool is a switch that can be left alone. The zero value leaves the choice to the client.
type Bool uint8

// The values of Bool.
const (
	Unset Bool = iota // the client's default; nothing is written
	True              // true
	False             // false, written even where it is the client's default
)

// Is returns True or False.
func Is(b bool) Bool {
	if b {
		return True
	}
	return False
}
