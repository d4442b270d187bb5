// Package guides holds what the guides in docs show: every Go snippet there is a part of a file below this
// folder, which is compiled and tested. Its own test compares the two.
package guides
