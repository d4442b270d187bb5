package adaptertest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gochatkit/chatkit/core/transport"
)

var requests = []behaviour{
	{37, "other methods", otherMethods},
	{38, "preflight", preflight},
	{39, "content type", contentType},
	{40, "body too large", bodyTooLarge},
	{41, "compressed body", compressedBody},
	{42, "expect continue", expectContinue},
	{43, "context values", contextValues},
	{44, "strings survive", stringsSurvive},
	{45, "context of a timeout middleware", timeoutContext},
}

func otherMethods(c *check) {
	cl := c.dial(c.start(Setup{Handler: answering(nil)}))
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "PATCH"} {
		cl.send(request(method, "{}"))
		res := cl.answer(method)
		if res.StatusCode != 405 || res.Header.Get("Allow") != "POST" {
			c.Errorf("%s: answer = %d, Allow %q, want 405, POST", method, res.StatusCode, res.Header.Get("Allow"))
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			c.Errorf("%s: read answer: %v", method, err)
		}
		if method != "HEAD" && !strings.Contains(string(body), `"message"`) {
			c.Errorf("%s: body = %q, want a message", method, body)
		}
		if method == "HEAD" && len(body) > 0 {
			c.Errorf("HEAD: body = %q, want none", body)
		}
	}
	cl.send(post(ask())) // the connection is usable, so no body followed the answer to HEAD
	if all, err := cl.opened().rest(); err != nil || len(all) == 0 {
		c.Errorf("stream after the other methods = %v, %v, want events and a clean end", all, err)
	}
}

func preflight(c *check) {
	cl := c.dial(c.start(Setup{Handler: &scripted{}, Middleware: []Middleware{CORS}}))
	cl.send(request("OPTIONS", "", "Origin: https://app.example", "Access-Control-Request-Method: POST",
		"Access-Control-Request-Headers: content-type,chatkit-frame-instance-id"))
	res := cl.answer("OPTIONS")
	if res.StatusCode/100 != 2 || res.Header.Get("Access-Control-Allow-Origin") == "" || res.Header.Get("Access-Control-Allow-Headers") == "" {
		c.Errorf("preflight = %d %v, want 2xx with allow headers", res.StatusCode, res.Header)
	}
	cl = c.dial(c.start(Setup{Handler: &scripted{}, Middleware: []Middleware{CORS}}))
	cl.send(post(streamBody, "Origin: https://app.example"))
	if got := cl.opened().res.Header.Get("Access-Control-Allow-Origin"); got == "" {
		c.Errorf("no Access-Control-Allow-Origin with the stream")
	}
}

func contentType(c *check) {
	cl := c.dial(c.start(Setup{Handler: answering(nil)}))
	for _, headers := range [][]string{{"Content-Type: text/plain"}, nil} {
		cl.send(request("POST", ask(), headers...))
		res := cl.answer("POST")
		io.Copy(io.Discard, res.Body)
		if res.StatusCode != 415 {
			c.Errorf("status with %q = %d, want 415", headers, res.StatusCode)
		}
	}
}

func bodyTooLarge(c *check) {
	const limit = 100 << 10
	srv := c.start(Setup{Handler: &scripted{limit: 1 << 20}, MaxBodyBytes: limit})
	large := strings.Repeat("x", 1<<20)
	for name, text := range map[string]string{
		"declared":       post(large),
		"chunked":        postChunked(large),
		"one byte over":  post(large[:limit+1]),
		"chunked by one": postChunked(large[:limit+1]),
	} {
		cl := c.dial(srv)
		sent := make(chan struct{})
		go func() { // the answer may come while the body is on its way
			defer close(sent)
			io.WriteString(cl.conn, text)
		}()
		res := cl.answer("POST")
		if res.StatusCode != 413 {
			c.Errorf("%s: status = %d, want 413", name, res.StatusCode)
		}
		cl.leave()
		<-sent
	}
	for name, text := range map[string]string{"exact": post(large[:limit]), "chunked exact": postChunked(large[:limit])} {
		cl := c.dial(srv)
		cl.send(text)
		if res := cl.answer("POST"); res.StatusCode != 200 {
			c.Errorf("%s: status = %d, want 200", name, res.StatusCode)
		}
	}
	// Without an option, the handler's own limit counts.
	cl := c.dial(c.start(Setup{Handler: &scripted{limit: 1000}}))
	cl.send(post(large[:1001]))
	if res := cl.answer("POST"); res.StatusCode != 413 {
		c.Errorf("status over the handler's limit = %d, want 413", res.StatusCode)
	}
}

func compressedBody(c *check) {
	var part bytes.Buffer
	zw := gzip.NewWriter(&part)
	zw.Write(make([]byte, 10<<20))
	zw.Close()
	bomb := bytes.Repeat(part.Bytes(), 20) // parts of a gzip stream add up: 200 MiB in 200 KB
	cl := c.dial(c.start(Setup{Handler: answering(nil)}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cl.send(post(string(bomb), "Content-Encoding: gzip"))
	res := cl.answer("POST")
	runtime.ReadMemStats(&after)
	if res.StatusCode != 415 {
		c.Errorf("status = %d, want 415", res.StatusCode)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 10<<20 {
		c.Errorf("allocated %d bytes for a compressed body of %d, want < 10 MiB", n, len(bomb))
	}
}

func expectContinue(c *check) {
	cl := c.dial(c.start(Setup{Handler: &echoing{}}))
	const text = "sent after the go-ahead"
	head, _, _ := strings.Cut(post(text, "Expect: 100-continue"), "\r\n\r\n")
	cl.send(head + "\r\n\r\n")
	if res := cl.answer("POST"); res.StatusCode != 100 {
		c.Fatalf("first answer = %d, want 100", res.StatusCode)
	}
	cl.send(text)
	ev := cl.opened()
	if got := ev.next().text; got != text {
		c.Errorf("event = %q, want %q", got, text)
	}
	ev.end()
}

func contextValues(c *check) {
	type seen struct{ user, tenant any }
	during, streaming := make(chan seen, 1), make(chan seen, 1)
	look := func(ctx context.Context) seen { return seen{ctx.Value(UserKey{}), ctx.Value(TenantKey{})} }
	h := &scripted{
		inspect: func(req *transport.Request, _ []byte) { during <- look(req.Context) },
		stream: func(ctx context.Context, w *writer) {
			pause(ctx, 20*time.Millisecond)
			streaming <- look(ctx)
		},
	}
	want := seen{"alice", "acme"}
	pass := func(ctx context.Context) context.Context { return ctx }
	c.dial(c.start(Setup{Handler: h, Middleware: []Middleware{Values}, Context: pass})).open().end()
	if got := wait(c, during, "request"); got != want {
		c.Errorf("values in Serve = %v, want %v", got, want)
	}
	if got := wait(c, streaming, "stream"); got != want {
		c.Errorf("values in the stream = %v, want %v", got, want)
	}

	// By default, what is in the request's context is there.
	c.dial(c.start(Setup{Handler: h, Middleware: []Middleware{Values}})).open().end()
	if got := wait(c, during, "request").tenant; got != want.tenant {
		c.Errorf("context value by default = %v, want %v", got, want.tenant)
	}
	if got := wait(c, streaming, "stream").tenant; got != want.tenant {
		c.Errorf("context value in the stream by default = %v, want %v", got, want.tenant)
	}
}

func stringsSurvive(c *check) {
	type kept struct {
		body           []byte
		method, header string
	}
	var mu sync.Mutex
	var all []kept
	h := &scripted{inspect: func(req *transport.Request, body []byte) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, kept{body, req.Method, req.Header("x-user")})
	}}
	cl := c.dial(c.start(Setup{Handler: h}))
	users := []string{"alice", "bobby", "carol"}
	for _, user := range users {
		cl.send(post(fmt.Sprintf(`{"user":%q}`, user), "X-User: "+user))
		cl.opened().end()
	}
	mu.Lock()
	defer mu.Unlock()
	for i, user := range users {
		var body struct{ User string }
		if err := json.Unmarshal(all[i].body, &body); err != nil || body.User != user {
			c.Errorf("kept body of request %d = %q, want user %q", i, all[i].body, user)
		}
		if all[i].header != user || all[i].method != http.MethodPost {
			c.Errorf("kept strings of request %d = %q %q, want POST %q", i, all[i].method, all[i].header, user)
		}
	}
}

func timeoutContext(c *check) {
	c.streams(Setup{Middleware: []Middleware{CancelOnReturn}})
}
