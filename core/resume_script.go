package chatkit

import (
	_ "embed" // for the script
	"net/http"
	"slices"

	"github.com/gochatkit/chatkit/core/transport"
)

//go:embed resume.js
var resumeScript []byte

// resumeScriptQuery is the query with which a GET of the ChatKit route returns the script.
const resumeScriptQuery = "resume.js"

// ResumeScript returns an ES module for browsers. It makes answers survive lost connections and reloads,
// with ChatKit.js by its api.fetch option, or with a page of one's own. The server sends it for
// GET …?resume.js on its route, if the route is mounted for GET too; this is for mounting it elsewhere, as
// text/javascript.
func ResumeScript() []byte { return slices.Clone(resumeScript) }

// serveScript answers a request for the script and reports whether it was one.
func (s *Server) serveScript(req *transport.Request, res transport.Response) bool {
	if req.Method != http.MethodGet && req.Method != http.MethodHead || req.Query != resumeScriptQuery {
		return false
	}
	h := http.Header{
		"Content-Type":           {"text/javascript; charset=utf-8"},
		"Cache-Control":          {"public, max-age=3600"},
		"X-Content-Type-Options": {"nosniff"},
	}
	if err := res.Reply(http.StatusOK, h, resumeScript); err != nil {
		s.opts.Logger.DebugContext(req.Context, "chatkit: script did not reach the client", "err", err)
	}
	return true
}
