//go:build unix && !solaris && !aix

package fileengine

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes a lock that the operating system gives free when the process dies, however it does.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) // a descriptor is small
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}
