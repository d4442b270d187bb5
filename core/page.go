package chatkit

// A Page is a part of a list.
type Page[T any] struct {
	Data    []T    // the elements; a list, never null, on the wire
	HasMore bool   // there are more elements behind this page
	After   string // where the next page starts; empty means there is none
}
