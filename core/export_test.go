package chatkit

// MarkSeen notes that what was read of a stream has reached a client, as the transport does.
func MarkSeen(r *Result) { r.source.Seen() }
