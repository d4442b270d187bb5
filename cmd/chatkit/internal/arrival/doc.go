// Package arrival watches how the pieces of an event stream arrive: on a connection of its own, read as the
// kernel hands bytes over, so that what came together is seen to have come together.
package arrival
