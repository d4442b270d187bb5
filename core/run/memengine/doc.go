// Package memengine keeps runs in the memory of one process. It is the reference for every other engine:
// the rules are written here once, and an engine that only adds durability, such as package fileengine,
// builds on it by way of a [Journal].
package memengine
