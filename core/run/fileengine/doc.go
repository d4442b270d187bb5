// Package fileengine keeps runs in files, so that they outlive the process: after a crash or a kill -9 the
// next start finds what was shown of each answer and ends it properly. It is for one process at a time,
// and needs no service.
//
// Nothing is synced to the disk. The operating system keeps what a process has written when the process
// dies; only the end of the machine itself loses the last seconds, which costs the tail of answers that
// were in progress, and nothing else.
//
// # Files
//
// The folder holds one file per run, NAME.run, and a lock. A file is a sequence of records, appended in the
// order of the changes. A record is one line of JSON, {"k":KIND,…}; that of a batch says with "n" how many
// bytes of event lines follow it. A record that was cut off by the end of the process, and what follows it, is
// ignored. Files of runs that have ended are deleted when their time is up.
package fileengine
