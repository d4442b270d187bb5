package main

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/playground"
)

//go:embed page
var embedded embed.FS

var pages = template.Must(template.ParseFS(embedded, "page/*.html"))

// policy lets the shop's own pages have what they consist of and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// routes is the web application.
func routes(s settings, a *app, l *login, orders *orders) (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	if err := r.SetTrustedProxies(s.proxies); err != nil {
		return nil, fmt.Errorf("proxies: %w", err)
	}
	r.Use(gin.Recovery(), l.identify)

	// These two ask owner, and answer 401 by themselves.
	ginchatkit.Mount(r, "/chatkit", a.chat)
	r.Any("/files", gin.WrapH(a.files))
	r.Any("/files/*id", gin.WrapH(a.files))

	assets, err := fs.Sub(embedded, "page/assets")
	if err != nil {
		panic(err) // the folder is embedded
	}
	r.GET("/assets/*name", own, gin.WrapH(http.StripPrefix("/assets", http.FileServerFS(assets))))
	site := r.Group("/", own, at(s.url))
	site.GET("/login", l.show)
	site.POST("/login", l.enter)
	site.POST("/logout", l.leave)
	inside := site.Group("/", l.required)
	inside.GET("/", home(orders, a.threads, a.files))
	// The playground shows what travels, which a shop's customers need not see: put a page with ChatKit's own
	// element here.
	inside.GET("/chat/*name", gin.WrapH(playground.Handler(&playground.Options{
		Title: "Alder & Oak", Home: "/", Label: "Support desk",
		Intro: "Ask about an order, move a delivery, or send a photo of what has arrived damaged.",
		Suggestions: []playground.Suggestion{
			{Icon: "suitcase", Title: "My orders", Text: "Show me my orders."},
			{Icon: "calendar", Title: "Another day", Text: "Deliver A-1002 on Friday."},
			{Icon: "circle-question", Title: "Cancel", Text: "I want to cancel A-1002."},
		},
		Attachments:  playground.TwoPhaseUpload,
		AllowedHosts: []string{"*"}, // at knows the host
	})))

	// The cookie comes along with requests of other sites in some browsers, so those are refused, that to /login too.
	return http.NewCrossOriginProtection().Handler(r), nil
}

// own sets the headers of the shop's own pages.
func own(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store") // the back button shows nothing after a logout
}

// at leads to the address that links to files begin with, since the login of one address is not that of another.
func at(url string) gin.HandlerFunc {
	_, host, _ := strings.Cut(url, "://")
	return func(c *gin.Context) {
		if c.Request.Method == http.MethodGet && c.Request.Host != host {
			c.Redirect(http.StatusFound, url+c.Request.URL.Path)
			c.Abort()
		}
	}
}

// home shows the customer's orders.
func home(orders *orders, threads chatkit.Store, files *attach.Files) gin.HandlerFunc {
	type row struct {
		order
		Label, Price, Day, PhotoURL string
	}
	return func(c *gin.Context) {
		ctx := c.Request.Context()
		name, err := owner(ctx)
		if err != nil {
			fail(c, err)
			return
		}
		all, err := orders.list(ctx, name)
		if err != nil {
			fail(c, err)
			return
		}
		rows := make([]row, len(all))
		for i, o := range all {
			rows[i] = row{order: o, Label: o.Status.label(), Price: o.price(), Day: o.day()}
			if o.Photo == "" {
				continue
			}
			// The photo goes with its conversation; the order can do without it.
			if photo, err := threads.Attachment(ctx, name, o.Photo); err == nil {
				rows[i].PhotoURL, _ = files.Link(ctx, name, photo)
			}
		}
		render(c, http.StatusOK, "home.html", gin.H{"Name": name, "Orders": rows})
	}
}

// render answers with a page.
func render(c *gin.Context, code int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		fail(c, err)
		return
	}
	c.Data(code, "text/html; charset=utf-8", b.Bytes())
}

// fail answers that something went wrong here. What it was is for the log.
func fail(c *gin.Context, err error) {
	slog.ErrorContext(c.Request.Context(), "request failed", "path", c.Request.URL.Path, "err", err)
	c.String(http.StatusInternalServerError, "Something went wrong. Please try again.\n")
}
