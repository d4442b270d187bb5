package examples_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/client"
)

// patience is how long an example may take for any one step. It is long because a busy machine is no fault
// of the example's.
const patience = time.Minute

// The account that the examples with a login know; the others do not look at it.
const user, password = "alice", "secret"

// announced finds the address that an example prints once it listens.
var announced = regexp.MustCompile(`http://[\w.:\[\]-]+/`)

// TestEveryExampleAnswersAndStops starts each program the way its README says, has a conversation with it,
// and ends it with the signal that a terminal or a container sends.
func TestEveryExampleAnswersAndStops(t *testing.T) {
	mains, err := filepath.Glob("*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if len(mains) == 0 {
		t.Fatal("there are no examples")
	}
	for _, file := range mains {
		name := filepath.Dir(file)
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), name)
			if out, err := exec.Command("go", "build", "-o", program, "./"+name).CombinedOutput(); err != nil {
				t.Fatalf("build: %v\n%s", err, out)
			}
			e := start(t, program)
			e.showsAPage(t)
			e.answers(t)
			e.stops(t)
		})
	}
}

// example is a running program.
type example struct {
	cmd    *exec.Cmd
	url    string
	output chan string // all that the program has printed, once it has ended
}

// start runs a program without any model, unless env, which comes last, names one.
func start(t *testing.T, program string, env ...string) *example {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	e := &example{cmd: exec.Command(program), output: make(chan string, 1)}
	e.cmd.Dir = t.TempDir() // what it writes goes away with the test
	e.cmd.Env = append(os.Environ(), "ADDR="+freeAddress(t), "OPENAI_API_KEY=", "OPENAI_BASE_URL=", "OPENAI_MODEL=")
	e.cmd.Env = append(e.cmd.Env, env...)
	e.cmd.Stdout, e.cmd.Stderr = w, w
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close() // the program holds the other copy, so reading ends with it
	t.Cleanup(func() {
		if e.cmd.ProcessState == nil {
			_ = e.cmd.Process.Kill()
			_ = e.cmd.Wait()
		}
		_ = r.Close()
	})

	urls := make(chan string, 1)
	go func() {
		defer close(urls)
		var all strings.Builder
		for lines := bufio.NewScanner(r); lines.Scan(); {
			all.WriteString(lines.Text() + "\n")
			if url := announced.FindString(lines.Text()); url != "" {
				select {
				case urls <- url:
				default: // it was announced before
				}
			}
		}
		e.output <- all.String()
	}()
	select {
	case url, ok := <-urls:
		if !ok {
			t.Fatalf("it ended without announcing an address:\n%s", <-e.output)
		}
		e.url = url
	case <-time.After(patience):
		t.Fatal("it announced no address")
	}
	return e
}

// freeAddress returns a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// eventually repeats a request until the server listens: some programs announce the address just before.
func eventually(t *testing.T, what string, do func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		err := do(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (e *example) showsAPage(t *testing.T) {
	t.Helper()
	var response *http.Response
	var body []byte
	eventually(t, "load the page", func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url, nil)
		if err != nil {
			return err
		}
		request.SetBasicAuth(user, password)
		if response, err = http.DefaultClient.Do(request); err != nil {
			return err
		}
		defer response.Body.Close()
		body, err = io.ReadAll(response.Body) // before ctx ends with this attempt
		return err
	})
	kind := response.Header.Get("Content-Type")
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/html") || len(body) == 0 {
		t.Errorf("the page = %d %s, %d bytes, want 200 text/html and a page", response.StatusCode, kind, len(body))
	}
}

// signsIn fills in the login form of an example that has one, and returns its cookies. Others set none.
func (e *example) signsIn(t *testing.T) string {
	t.Helper()
	form := url.Values{"name": {user}, "password": {password}}.Encode()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url+"login", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var all []string
	for _, cookie := range response.Cookies() {
		all = append(all, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(all, "; ")
}

func (e *example) answers(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	credentials := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	c := client.New(e.url+"chatkit", client.WithHeader("Authorization", "Basic "+credentials), client.WithHeader("Cookie", e.signsIn(t)))
	stream, err := c.CreateThread(ctx, client.Text("Hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var thread, answer string
	for event, err := range stream.Events() {
		if err != nil {
			t.Fatal(err)
		}
		switch event := event.Event.(type) {
		case *chatkit.ThreadCreatedEvent:
			thread = event.Thread.ID
		case *chatkit.ThreadItemDoneEvent:
			if message, ok := event.Item.(*chatkit.AssistantMessageItem); ok {
				answer += message.Text()
			}
		case *chatkit.ErrorEvent:
			t.Errorf("the stream has an error event: %+v", event)
		default: // whatever else the example shows
		}
	}
	if answer == "" {
		t.Fatal("nothing was answered")
	}

	page, err := c.Items(ctx, thread, client.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var kept string
	for _, item := range page.Data {
		if message, ok := item.(*chatkit.AssistantMessageItem); ok {
			kept += message.Text()
		}
	}
	if kept != answer {
		t.Errorf("the history holds %q, want the answer %q", kept, answer)
	}
}

func (e *example) stops(t *testing.T) {
	t.Helper()
	if err := e.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case output := <-e.output:
		if err := e.cmd.Wait(); err != nil {
			t.Errorf("it ended with %v, want success:\n%s", err, output)
		}
	case <-time.After(patience):
		t.Error("it did not end")
	}
}
