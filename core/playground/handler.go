package playground

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// policy allows what the page consists of and nothing else. Pictures come from answers, so they may be
// anywhere, unless [Options.ImageOrigins] says where; scripts and styles may not. Data cannot become markup or a script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// Handler serves the page on every path that ends with a slash, and its files below, so that it works under
// any prefix that ends with one:
//
//	http.Handle("/playground/", playground.Handler(nil))
//
// It answers GET and HEAD. A host name that is neither a loopback one nor in Options.AllowedHosts gets 403. It
// is safe for concurrent use, and panics if a Tag's Data is no JSON or one of the origins in the options is none. Nil opts means the defaults.
func Handler(opts *Options) http.Handler {
	var o Options
	if opts != nil {
		o = *opts
	}
	h := &handler{assets: loadAssets(), hosts: o.AllowedHosts, pages: map[string]*page{}}
	h.pages[""] = h.page("index", o.applied(policy), o.settings())
	if o.Official {
		h.pages[officialName] = h.page(officialName, o.applied(officialPolicy), o.settings())
	}
	return h
}

// applied returns a policy with the origins that the options name.
func (o *Options) applied(policy string) string {
	policy = strings.Replace(policy, "connect-src 'self'", "connect-src 'self'"+sources(o.UploadOrigins), 1)
	if o.ImageOrigins != nil {
		policy = strings.Replace(policy, "data: blob: https:;", "data: blob:"+sources(o.ImageOrigins)+";", 1)
	}
	return policy
}

// sources writes origins the way a policy lists them.
func sources(origins []string) string {
	var list strings.Builder
	for _, origin := range origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != origin ||
			strings.ContainsAny(origin, " \t\r\n;,'\"*") {
			panic("playground: " + strconv.Quote(origin) + " is no origin, such as https://example.com")
		}
		list.WriteString(" " + origin)
	}
	return list.String()
}

type handler struct {
	*assets
	hosts []string
	pages map[string]*page // by what comes after the last slash of the path
}

// A page is a document together with what it may load.
type page struct {
	*asset
	policy string
}

// ServeHTTP looks at the end of the path alone: it need not know where it is mounted.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.allowed(r.Host) {
		http.Error(w, "the playground is not for this host name: see AllowedHosts of playground.Options", http.StatusForbidden)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the playground answers GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	dir, name, ok := cutLast(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if p := h.pages[name]; p != nil {
		w.Header().Set("Content-Security-Policy", p.policy)
		w.Header().Set("Cache-Control", "no-cache")
		p.serve(w, r)
		return
	}
	_, folder, _ := cutLast(dir)
	file := h.files[name]
	if file == nil || folder != h.folder {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	file.serve(w, r)
}

func cutLast(p string) (before, after string, ok bool) {
	i := strings.LastIndexByte(p, '/')
	if i < 0 {
		return "", p, false
	}
	return p[:i], p[i+1:], true
}

// serve sends the file, compressed if the browser takes that, or 304 if it has it.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	etag, body := a.etag, a.body
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		etag, body = strings.TrimSuffix(a.etag, `"`)+`-gzip"`, a.gzipped
	}
	h.Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.contentType)
	// Said aloud for routers that begin with another status where no route fits, as Gin does.
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the browser has left
	}
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(coding) == "gzip" {
			return !strings.HasPrefix(strings.TrimSpace(weight), "q=0") || strings.Trim(weight, " q=0.") != ""
		}
	}
	return false
}

// page renders a document. The settings travel as text in an attribute: a script in the page would need a
// hole in its policy.
func (h *handler) page(name, policy string, settings settings) *page {
	text, err := json.Marshal(settings)
	if err != nil {
		panic("playground: " + err.Error())
	}
	var html bytes.Buffer
	if err := h.assets.pages[name].Execute(&html, map[string]string{"Files": h.folder, "Settings": string(text), "Title": settings.Title}); err != nil {
		panic("playground: " + err.Error()) // a document that no test has seen
	}
	return &page{asset: newPage(html.Bytes()), policy: policy}
}

// settings is what the page's script gets.
type settings struct {
	URL         string       `json:"url"`
	Title       string       `json:"title"`
	Home        string       `json:"home"`
	Label       string       `json:"label"`
	Intro       string       `json:"intro"`
	Suggestions []Suggestion `json:"suggestions"`
	Models      []Choice     `json:"models"`
	Tools       []Choice     `json:"tools"`
	Tags        []Tag        `json:"tags"`
	Attachments Attachments  `json:"attachments"`
	UploadURL   string       `json:"upload_url"`
	Images      []string     `json:"image_origins"` // null is any with https
	Official    bool         `json:"official"`
}

func (o *Options) settings() settings {
	return settings{
		URL:         cmp.Or(o.ChatKitURL, "/chatkit"),
		Title:       cmp.Or(o.Title, "ChatKit playground"),
		Home:        o.Home,
		Label:       cmp.Or(o.Label, "Go server"),
		Intro:       cmp.Or(o.Intro, "Write a message to begin."),
		Suggestions: append([]Suggestion{}, o.Suggestions...), // a list, never null
		Models:      labelled(o.Models),
		Tools:       labelled(o.Tools),
		Tags:        append([]Tag{}, o.Tags...),
		Attachments: o.Attachments,
		UploadURL:   o.UploadURL,
		Images:      o.ImageOrigins,
		Official:    o.Official,
	}
}

func labelled(choices []Choice) []Choice {
	list := append([]Choice{}, choices...)
	for i, c := range list {
		if c.Label == "" {
			list[i].Label = c.ID
		}
	}
	return list
}

// allowed reports whether the page may be read under a host name. The name of another site that leads here
// would otherwise make this page that site's own.
func (h *handler) allowed(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback() {
		return true
	}
	return host != "" && slices.ContainsFunc(h.hosts, func(name string) bool { return name == "*" || strings.EqualFold(name, host) })
}
