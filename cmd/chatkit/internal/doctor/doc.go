// Package doctor checks how a server behaves towards clients, one behaviour at a time.
package doctor
