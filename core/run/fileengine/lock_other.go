//go:build !unix || solaris || aix

package fileengine

import "os"

// lockFile does nothing: this system has no lock that surely ends with its process. That only one process
// uses the folder is the operator's care.
func lockFile(*os.File) error { return nil }
