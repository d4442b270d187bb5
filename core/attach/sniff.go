package attach

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// sniffLen is how many bytes tell what a file is.
const sniffLen = 512

// inlineTypes are what a browser may show as it is. SVG is not among them: it can hold scripts.
var inlineTypes = []string{"image/gif", "image/jpeg", "image/png", "image/webp"}

func isInline(mediaType string) bool { return slices.Contains(inlineTypes, mediaType) }

// defaultTypes is what may be uploaded if nobody says otherwise.
var defaultTypes = append([]string{
	"application/json", "application/pdf", "text/csv", "text/markdown", "text/plain",
}, inlineTypes...)

// unknownType is what a browser says of a file that it knows nothing of.
const unknownType = "application/octet-stream"

// mediaType returns the type without parameters, in lower case; unknownType if there is none.
func mediaType(declared string) string {
	t, _, err := mime.ParseMediaType(declared)
	if err != nil || !strings.Contains(t, "/") {
		return unknownType
	}
	return t
}

// allowed reports whether a type is in a list, which may hold wildcards such as "image/*".
func allowed(types []string, t string) bool {
	return slices.ContainsFunc(types, func(want string) bool {
		group, all := strings.CutSuffix(want, "*")
		return want == t || all && strings.HasPrefix(t, group)
	})
}

func sniff(head []byte) string { return mediaType(http.DetectContentType(head)) }

// sniffed are the types that a look at the bytes cannot miss, so that bytes which look otherwise are
// something else.
var sniffed = []string{
	"application/gzip", "application/pdf", "application/zip", "audio/aiff", "audio/basic", "image/bmp", "image/gif",
	"image/jpeg", "image/png", "image/webp", "image/x-icon", "video/avi", "video/webm",
}

// fits reports whether bytes that look like found can be what was declared.
func fits(declared, found string) bool {
	if declared == found || declared == unknownType {
		return true
	}
	if slices.Contains(sniffed, declared) {
		return false
	}
	switch group, _, _ := strings.Cut(found, "/"); {
	case group == "text":
		return isText(declared)
	case found == "application/zip": // so are office documents, books and much else
		return !isText(declared) && !strings.HasPrefix(declared, "image/")
	case found == unknownType: // there are more formats than a look at the bytes knows
		return !strings.HasPrefix(declared, "text/") && declared != "application/json"
	case group == "image":
		return false
	}
	return !isText(declared) && !strings.HasPrefix(declared, "image/")
}

// isText reports whether files of a type are text. SVG is one, whatever its group is.
func isText(t string) bool {
	switch t {
	case "application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml",
		"application/javascript", "application/x-javascript", "application/x-ndjson", "application/sql",
		"application/rtf", "application/x-sh":
		return true
	}
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+xml") || strings.HasSuffix(t, "+json")
}
