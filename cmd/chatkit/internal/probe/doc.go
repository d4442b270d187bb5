// Package probe measures how a server's answers arrive and says in a sentence what is wrong, and where.
package probe
