// Package jsonx writes and reads the JSON of the ChatKit protocol.
//
// Writing appends to a byte slice and gives the bytes that other ChatKit servers give: no HTML escaping,
// UTF-8 written raw, floats with a point. Reading checks a whole document first, within limits and without
// recursion, and then hands out its parts without copying them.
package jsonx
