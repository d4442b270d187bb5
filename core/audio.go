package chatkit

// An Audio is a dictation to be transcribed.
type Audio struct {
	Data      []byte // the bytes as recorded, decoded from the base64 of the request
	MimeType  string // as the client sent it, such as "audio/webm;codecs=opus"
	MediaType string // MimeType without parameters, trimmed, in lower case: "audio/webm"
}
