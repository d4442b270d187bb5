// Package cors lets pages of other origins use a ChatKit server: it answers the browser's question first,
// whether they may (the preflight of the Fetch standard), with the headers that the official client sends.
// A missing one of those is the most common reason why a chat stays empty.
//
//	allow, err := cors.New(&cors.Options{Origins: []string{"https://shop.example.com"}})
//	…
//	mux.Handle("/chatkit", allow(nethttpchatkit.Handler(srv)))
//	mux.Handle("/files/", allow(files))
//
// It opens a door and closes none: a request from elsewhere is served as before, only the page that made it
// cannot read the answer. Keep others out with a login, or with [http.CrossOriginProtection].
package cors

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options say who may come in. Origins is required.
type Options struct {
	// Origins are the pages' origins, such as "https://shop.example.com" or "http://localhost:5173": scheme,
	// host and port, exactly as browsers send them. There are no wildcards.
	Origins []string
	// Credentials lets the browser send cookies along. Pages need to ask for it. Defaults to no: the usual
	// login is an Authorization header.
	Credentials bool
	// MaxAge is how long a browser may remember the answer. Defaults to 10 minutes.
	MaxAge time.Duration
	// Headers are further request headers to allow by name. What a listed page asks for is allowed anyway;
	// they help where a proxy drops the question. Defaults to none.
	Headers []string
}

// headers are what clients send: the official one, its page, and clients that resume.
var headers = []string{
	"accept", "accept-language", "authorization", "chatkit-frame-instance-id", "chatkit-resume", "content-type",
	"idempotency-key", "last-event-id",
}

// methods are those of the chat and of uploads.
const methods = "GET, HEAD, POST, PUT"

// exposed are the answer's headers that a page may read: the run to come back to, and when to try again.
const exposed = "chatkit-run, retry-after"

const defaultMaxAge = 10 * time.Minute

// maxAsked limits the list of headers that a preflight asks for, in bytes.
const maxAsked = 2 << 10

// New returns middleware for the pages of the listed origins. It is an error if an origin is not one, so
// that a slash too many is found at once. The middleware is safe for concurrent use.
func New(opts *Options) (func(http.Handler) http.Handler, error) {
	if opts == nil || len(opts.Origins) == 0 {
		return nil, errors.New("cors: Options.Origins is empty")
	}
	c := config{origins: map[string]bool{}, credentials: opts.Credentials}
	for _, o := range opts.Origins {
		if !isOrigin(o) {
			return nil, fmt.Errorf("cors: %q is not an origin, want one such as https://shop.example.com", o)
		}
		c.origins[o] = true
	}
	for _, h := range opts.Headers {
		if !isHeader(h) {
			return nil, fmt.Errorf("cors: %q is not the name of a header", h)
		}
		c.headers = append(c.headers, strings.ToLower(h))
	}
	c.headers = append(slices.Clone(headers), c.headers...)
	slices.Sort(c.headers)
	c.headers = slices.Compact(c.headers)
	age := opts.MaxAge
	if age <= 0 {
		age = defaultMaxAge
	}
	c.maxAge = strconv.Itoa(int(age.Seconds()))
	return c.wrap, nil
}

type config struct {
	origins     map[string]bool
	headers     []string
	credentials bool
	maxAge      string
}

func (c *config) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		listed := c.origins[origin]
		h := w.Header()
		h.Add("Vary", "Origin")
		if listed {
			h.Set("Access-Control-Allow-Origin", origin)
			if c.credentials {
				h.Set("Access-Control-Allow-Credentials", "true")
			}
		}
		if r.Method != http.MethodOptions || origin == "" || r.Header.Get("Access-Control-Request-Method") == "" {
			if listed {
				h.Set("Access-Control-Expose-Headers", exposed)
			}
			next.ServeHTTP(w, r)
			return
		}
		h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
		if !listed {
			http.Error(w, "this origin is not allowed", http.StatusForbidden)
			return
		}
		h.Set("Access-Control-Allow-Methods", methods)
		h.Set("Access-Control-Allow-Headers", strings.Join(c.allow(r.Header.Values("Access-Control-Request-Headers")), ", "))
		h.Set("Access-Control-Max-Age", c.maxAge)
		w.WriteHeader(http.StatusNoContent)
	})
}

// allow returns the known headers and those that are asked for. What is not the name of a header is left
// out, as is everything if it is too much.
func (c *config) allow(asked []string) []string {
	allowed := c.headers
	list := strings.Join(asked, ",")
	if len(list) > maxAsked {
		return allowed
	}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if isHeader(name) && !slices.Contains(allowed, name) {
			allowed = append(slices.Clip(allowed), name)
		}
	}
	return allowed
}

// isOrigin reports whether o is an origin in the form in which browsers send it.
func isOrigin(o string) bool {
	u, err := url.Parse(o)
	if err != nil || u.Host == "" || strings.Contains(o, "*") || o != strings.ToLower(o) {
		return false
	}
	defaultPort := u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80"
	return !defaultPort && o == u.Scheme+"://"+u.Host
}

// isHeader reports whether name is a token of RFC 9110. The wildcard is one, too, and not allowed.
func isHeader(name string) bool {
	return name != "" && name != "*" && strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	}) < 0
}
