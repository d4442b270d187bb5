package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	nethttpchatkit "github.com/gochatkit/chatkit/adapters/nethttp"
	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
	"github.com/gochatkit/chatkit/core/widget"
)

// Whoever writes the answer must not get at the terminal of whoever reads it.
func TestEscapeSequencesDoNotReachTheTerminal(t *testing.T) {
	const evil = "a\x1b]52;c;ZXZpbA==\x07b\u009b2Jc\rd\x00\x7f"
	url := serve(t, func(_ context.Context, turn *chatkit.Turn) error {
		title := evil
		err := errors.Join(
			turn.UpdateThread(func(th *chatkit.Thread) { th.Title = &title }),
			turn.Progress("", evil), turn.Notice(chatkit.NoticeInfo, evil, evil), turn.Effect(evil, nil),
			turn.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.WidgetItem{
				ItemMeta: turn.NewItemMeta(chatkit.IDMessage), Widget: widgetOf(evil),
			}}),
			turn.Text(evil),
		)
		if err != nil {
			return err
		}
		return &chatkit.StreamError{Message: evil}
	}, chatkit.Options{}, nil)
	for _, args := range [][]string{{"chat", url, "Hi"}, {"chat", url, "Hi", "--json"}, {"probe", url, "-n", "1"}, {"doctor", url}} {
		r := runWith(t, "", args...)
		for name, text := range map[string]string{"output": r.out, "error": r.err} {
			if i := strings.IndexFunc(text, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c <= 0x9f }); i >= 0 {
				t.Errorf("%s: %s has a control character: %q", args[0], name, text[max(0, i-20):min(len(text), i+20)])
			}
		}
		if args[0] == "chat" && !strings.Contains(r.out, "ZXZpbA==") {
			t.Errorf("chat = %q, want the rest of the text", r.out)
		}
	}
}

func widgetOf(text string) json.RawMessage {
	doc, err := json.Marshal(map[string]any{"type": "Card", "children": []any{map[string]any{"type": "Text", "value": text}}})
	if err != nil {
		panic(err) // text always has a form in JSON
	}
	return doc
}

// endless answers until it is stopped, and tells why it was.
func endless(ended chan<- error) chatkit.RespondFunc {
	return func(ctx context.Context, turn *chatkit.Turn) error {
		m := turn.Message()
		for ctx.Err() == nil {
			if _, err := m.WriteString("word "); err != nil {
				break
			}
			select {
			case <-time.After(5 * time.Millisecond):
			case <-ctx.Done():
			}
		}
		ended <- context.Cause(ctx)
		return context.Cause(ctx)
	}
}

func TestCtrlCStopsTheAnswerForTheServerToo(t *testing.T) {
	for name, policy := range map[string]run.Disconnect{"a server that stops with its reader": run.Auto, "a server that goes on without": run.Keep(time.Minute)} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan error, 1)
			url := serve(t, endless(ended), chatkit.Options{Disconnect: policy}, nil)
			cmd, _, errs := prepare(t, "", "chat", url, "Hi")
			cmd.Stdout = nil
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(out).ReadString(' '); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			select {
			case cause := <-ended:
				if !errors.Is(cause, chatkit.ErrStopped) {
					t.Errorf("the answer ended with %v, want %v", cause, chatkit.ErrStopped)
				}
			case <-time.After(20 * time.Second):
				t.Error("the answer goes on")
			}
			io.Copy(io.Discard, out)
			cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != 130 {
				t.Errorf("exit code = %d, want 130; %s", got, errs)
			}
		})
	}
}

func TestCtrlCEndsAnUpload(t *testing.T) {
	began := make(chan struct{}, 1)
	url := serve(t, say("Hello."), chatkit.Options{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "upload" {
				next.ServeHTTP(w, r)
				return
			}
			io.Copy(io.Discard, r.Body)
			began <- struct{}{}
			<-r.Context().Done()
		})
	})
	file := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(file, []byte("remember the milk"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, _, errs := prepare(t, "", "chat", url, "Hi", "--attach", file, "--upload-url", url+"?upload")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-began:
	case <-time.After(20 * time.Second):
		t.Error("there was no upload")
	}
	left := time.Now()
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if took, got := time.Since(left), cmd.ProcessState.ExitCode(); got != 130 || took > 5*time.Second {
		t.Errorf("exit code = %d after %v, want 130 at once; %s", got, took, errs)
	}
}

// A server that does not answer to the first one cannot keep its user.
func TestTheSecondCtrlCLeaves(t *testing.T) {
	began := make(chan struct{}, 1)
	url := serve(t, say(""), chatkit.Options{}, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if strings.Contains(string(body), "runs.cancel") {
				began <- struct{}{}
				<-r.Context().Done()
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("ChatKit-Run", "thr_1/run_1")
			io.WriteString(w, `data: {"type":"thread.created","thread":{"id":"thr_1","created_at":"2026-01-01T00:00:00Z","status":{"type":"active"},"items":{"data":[],"has_more":false}}}`+"\n\n")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		})
	})
	cmd, _, _ := prepare(t, "", "chat", url, "Hi", "--json")
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // it has read the first event
		t.Fatal(err)
	}
	cmd.Process.Signal(os.Interrupt)
	select {
	case <-began:
	case <-time.After(20 * time.Second):
		t.Fatal("the first interrupt did not reach the server")
	}
	left := time.Now()
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	if took := time.Since(left); took > 3*time.Second {
		t.Errorf("it left after %v, want at once", took)
	}
	if got := cmd.ProcessState.ExitCode(); got != 130 {
		t.Errorf("exit code = %d, want 130", got)
	}
}

func TestPipes(t *testing.T) {
	url := serve(t, func(_ context.Context, turn *chatkit.Turn) error {
		if err := turn.Progress("", "thinking"); err != nil {
			return err
		}
		return turn.Text("You said: " + turn.Input.Text())
	}, chatkit.Options{}, nil)
	if r := runWith(t, "two\nlines\n", "chat", url); r.out != "You said: two\nlines\n" || r.code != 0 {
		t.Errorf("chat = %d %q, want the text alone", r.code, r.out)
	} else if !strings.Contains(r.err, "thinking") || !strings.Contains(r.err, "thread thr_") {
		t.Errorf("standard error = %q, want the progress and the thread", r.err)
	}
	if r := runWith(t, "", "chat", url); r.code != 2 {
		t.Errorf("nothing to say: exit code = %d, want 2", r.code)
	}
	cmd, _, errs := prepare(t, "", "chat", url)
	cmd.Stdin = nil // the null device
	if cmd.Run(); cmd.ProcessState.ExitCode() != 2 || !strings.Contains(errs.String(), "the message is empty") {
		t.Errorf("no input: exit code = %d %q, want 2, and that the message is empty", cmd.ProcessState.ExitCode(), errs)
	}
	r := runWith(t, "one\n\ntwo\n/new\nthree\n/retry\n/quit\nfour\n", "chat", url, "--lines")
	if want := "You said: one\nYou said: two\nYou said: three\nYou said: three\n"; r.out != want {
		t.Errorf("lines = %q, want %q", r.out, want)
	}
	if n := strings.Count(r.err, "thread thr_"); n != 2 {
		t.Errorf("%d threads, want 2", n)
	}
	_, thread, _ := strings.Cut(r.err, "thread ")
	thread, _, _ = strings.Cut(thread, "\n")
	if r := runWith(t, "", "chat", url, "again", "--thread", thread); r.out != "You said: again\n" || strings.Contains(r.err, "thread thr_") {
		t.Errorf("chat = %q %q, want it in the old thread", r.out, r.err)
	}
	r = runWith(t, "", "chat", url, "Hi", "--json")
	for line := range strings.Lines(r.out) {
		var e struct{ Type string }
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Type == "" {
			t.Errorf("line %q: %v, want an event", line, err)
		}
	}
	if n := strings.Count(r.out, "\n"); n < 4 {
		t.Errorf("%d events, want at least 4", n)
	}
}

func TestClientToolsAreCommands(t *testing.T) {
	url := serve(t, func(_ context.Context, turn *chatkit.Turn) error {
		if turn.ToolCall != nil {
			return turn.Text("It says " + string(turn.ToolCall.Output))
		}
		return turn.CallClientTool("where", map[string]any{"city": "$(touch pwned) `x` Köln"})
	}, chatkit.Options{}, nil)
	for _, c := range []struct {
		name, tool, out string
		code            int
	}{
		{"arguments in, result out", `where=cat`, `It says {"city":"$(touch pwned) ` + "`x`" + ` Köln"}` + "\n", 0},
		{"the names", `where=printf '["%s"]' "$CHATKIT_TOOL"`, `It says ["where"]` + "\n", 0},
		{"a failure", `where=echo secret >&2; exit 1`, `It says {"error":"the tool failed"}` + "\n", 0},
		{"no JSON", `where=echo hello`, `It says {"error":"the tool failed"}` + "\n", 0},
		{"too long", `where=sleep 60`, `It says {"error":"the tool failed"}` + "\n", 0},
		{"too much", `where=head -c 2000000 /dev/zero`, `It says {"error":"the tool failed"}` + "\n", 0},
		{"another tool", `here=cat`, "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := runWith(t, "", "chat", url, "Hi", "--tool", c.tool, "--tool-timeout", "500ms"); r.out != c.out || r.code != c.code {
				t.Errorf("chat = %d %q %q, want %d %q", r.code, r.out, r.err, c.code, c.out)
			}
		})
	}
	if _, err := os.Stat("pwned"); err == nil {
		t.Error("what the server sent was run")
	}
}

// A server that asks for ever is not answered for ever.
func TestToolCallsHaveAnEnd(t *testing.T) {
	url := serve(t, func(_ context.Context, turn *chatkit.Turn) error { return turn.CallClientTool("again", nil) }, chatkit.Options{}, nil)
	if r := runWith(t, "", "chat", url, "Hi", "--tool", "again=cat"); r.code != 1 || !strings.Contains(r.err, "in a row") {
		t.Errorf("chat = %d %q, want it to give up", r.code, r.err)
	}
}

func TestFormsAreAskedWithNumbers(t *testing.T) {
	url := serve(t, func(ctx context.Context, turn *chatkit.Turn) error {
		if turn.Input == nil {
			for it, err := range turn.History(ctx) {
				if form, ok := it.(*chatkit.StructuredInputItem); ok && err == nil {
					doc, _ := json.Marshal([]any{form.Status, form.Inputs[0].Meta().Answer, form.Inputs[1].Meta().Answer})
					return turn.Text(string(doc))
				}
			}
		}
		options := []chatkit.StructuredInputOption{{Value: "red"}, {Value: "green"}, {Value: "blue"}}
		return turn.Emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.StructuredInputItem{
			ItemMeta: turn.NewItemMeta(chatkit.IDMessage), Inputs: []chatkit.StructuredInput{
				&chatkit.MultipleChoiceInput{StructuredInputMeta: chatkit.StructuredInputMeta{ID: "c", Question: "Which?"}, Options: options, Multiple: true},
				&chatkit.FreeformInput{StructuredInputMeta: chatkit.StructuredInputMeta{ID: "w", Question: "Why?"}},
			},
		}})
	}, chatkit.Options{}, nil)
	for _, c := range []struct{ name, in, want string }{
		{"numbers and text", "1, 3\nbecause\n", `"answered"|"red","blue"|"because"`},
		{"a mistake, and a name", "4\nGreen\n\n", `"answered"|"green"|skipped`},
		{"nothing", "", `"skipped"`},
	} {
		r := runWith(t, c.in, "chat", url, "Hi")
		for want := range strings.SplitSeq(c.want, "|") {
			if !strings.Contains(strings.ToLower(r.out), want) {
				t.Errorf("%s: chat = %q, want %s in it", c.name, r.out, want)
			}
		}
		if !strings.Contains(r.err, "  2) green\n") {
			t.Errorf("%s: questions = %q, want numbered choices", c.name, r.err)
		}
	}
}

func TestWidgetsAreText(t *testing.T) {
	url := serve(t, func(_ context.Context, turn *chatkit.Turn) error {
		return turn.Widget(&widget.Card{Children: []widget.Component{
			&widget.Title{Value: "A table"},
			&widget.Row{Children: []widget.Component{&widget.Badge{Label: "new"}, &widget.Button{Label: "Book"}}},
		}}, "")
	}, chatkit.Options{}, nil)
	if r, want := runWith(t, "", "chat", url, "Hi"), "  A table\n  [new]  <Book>\n"; r.out != want {
		t.Errorf("chat = %q, want %q", r.out, want)
	}
}

func TestFilesAreUploaded(t *testing.T) {
	folder, err := attach.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	mux := http.NewServeMux()
	web := httptest.NewServer(mux)
	defer web.Close()
	store := memstore.New()
	files, err := attach.New(folder, store, &attach.Options{URL: web.URL + "/files", Secret: []byte(strings.Repeat("s", 32)), Types: []string{"text/*"}})
	if err != nil {
		t.Fatal(err)
	}
	srv := chatkit.NewServer(store, func(ctx context.Context, turn *chatkit.Turn) error {
		text, _, err := files.Text(ctx, "", turn.Input.Attachments[0])
		if err != nil {
			return err
		}
		return turn.Text(turn.Input.Attachments[0].Meta().Name + " says " + text)
	}, &chatkit.Options{Attachments: files, Logger: slog.New(slog.DiscardHandler)})
	mux.Handle("/chatkit", nethttpchatkit.Handler(srv))
	mux.Handle("/files", files)
	mux.Handle("/files/", files)
	file := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(file, []byte("remember the milk"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, more := range map[string][]string{"in two steps": nil, "in one": {"--upload-url", "/files"}} {
		r := runWith(t, "", append([]string{"chat", web.URL + "/chatkit", "Read this", "--attach", file}, more...)...)
		if want := "notes.txt says remember the milk\n"; r.code != 0 || r.out != want {
			t.Errorf("%s: chat = %d %q %q, want the file", name, r.code, r.out, r.err)
		}
	}
	if r := runWith(t, "", "chat", web.URL+"/chatkit", "Read this", "--attach", filepath.Join(t.TempDir(), "none")); r.code != 1 {
		t.Errorf("a file that is not there: exit code = %d, want 1", r.code)
	}
}
