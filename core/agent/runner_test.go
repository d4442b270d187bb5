package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

type none struct{}

type answer = agenttest.Answer

func calls(names ...string) answer {
	var a answer
	for _, n := range names {
		name, args, _ := strings.Cut(n, " ")
		if args == "" {
			args = "{}"
		}
		a.Calls = append(a.Calls, agent.ToolCall{Name: name, Arguments: args})
	}
	return a
}

// outputs returns the tool outputs in a request's input.
func outputs(t *testing.T, r *agent.Request) []string {
	t.Helper()
	var out []string
	for _, raw := range r.Input {
		var it struct{ Type, Output string }
		if err := json.Unmarshal(raw, &it); err == nil && strings.HasSuffix(it.Type, "_output") {
			out = append(out, it.Output)
		}
	}
	return out
}

func runAgent(t *testing.T, m agent.Model, tools []agent.Tool, opts ...agent.Option) (*target, *agent.Outcome, error) {
	t.Helper()
	b, r := started(opts...)
	o, err := b.RunAgent(t.Context(), &agent.Agent{Name: "a", Instructions: agent.Say("Be brief."), Model: m, Tools: tools}, []json.RawMessage{agent.UserText("hi")})
	return r, o, err
}

func TestARoundTripThroughATool(t *testing.T) {
	m := agenttest.NewModel(answer{Text: "Let me see.", Calls: []agent.ToolCall{{CallID: "c1", Name: "weather", Arguments: `{"city":"Oslo"}`}}, Usage: agent.Usage{InputTokens: 1}}, answer{Text: "Cold.", Usage: agent.Usage{InputTokens: 2}})
	weather := agent.Func("weather", "Weather of a city.", func(ctx context.Context, in struct {
		City string `json:"city"`
	},
	) (map[string]any, error) {
		task := agent.Task(ctx, "Looking at the sky")
		defer task.Done()
		c, ok := agent.CallFrom(ctx)
		if !ok || c.CallID != "c1" {
			t.Errorf("CallFrom() = %v, %v", c, ok)
		}
		return map[string]any{"city": in.City, "t": "<0°"}, nil
	})
	r, o, err := runAgent(t, m, []agent.Tool{weather})
	if err != nil {
		t.Fatal(err)
	}
	want := "added assistant_message message_1\npart message_1/0 \"\"\ndelta message_1/0 \"Let \"\ndelta message_1/0 \"me \"\ndelta message_1/0 \"see.\"\ndone assistant_message message_1 \"Let me see.\"+0\n" +
		"added workflow workflow_1 custom [Looking at the sky  loading]\ntask updated workflow_1/0 Looking at the sky  complete\ndone workflow workflow_1 custom [Looking at the sky  complete]\n" +
		"added assistant_message message_2\npart message_2/0 \"\"\ndelta message_2/0 \"Cold.\"\ndone assistant_message message_2 \"Cold.\"+0\n"
	if got := r.short(t); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if o.Usage.InputTokens != 3 || o.Text != "Cold." || len(o.Calls) != 0 || o.Reason != agent.ReasonStop {
		t.Errorf("outcome = %+v", o)
	}
	second := m.Requests()[1]
	sameLines(t, texts(second.Input), []string{
		string(agent.UserText("hi")),
		`{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me see."}]}`,
		`{"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}"}`,
		`{"type":"function_call_output","call_id":"c1","output":"{\"city\":\"Oslo\",\"t\":\"<0°\"}"}`,
	})
	if second.Instructions != "Be brief." || len(second.Tools) != 1 || !second.Tools[0].Strict {
		t.Errorf("request = %+v", second)
	}
}

func TestUpstreamItemsAreReplayedWordForWord(t *testing.T) {
	reasoning := json.RawMessage(`{"type":"reasoning","id":"rs","encrypted_content":"x","new":[1, 2]}`)
	n := 0
	var second []json.RawMessage
	m := agent.ModelFunc(func(_ context.Context, r *agent.Request) iter.Seq2[agent.Event, error] {
		if n++; n == 2 {
			second = slices.Clone(r.Input)
			return source(&agent.TextDelta{Text: "ok"}, &agent.Finish{Reason: agent.ReasonStop})
		}
		return source(&agent.OutputItem{Raw: reasoning}, &agent.ToolCall{CallID: "c", Name: "f", Arguments: "{}"},
			&agent.OutputItem{Raw: agent.FunctionCall("c", "f", "{}")}, &agent.Finish{Reason: agent.ReasonToolCalls})
	})
	f := agent.Func("f", "", func(context.Context, none) (string, error) { return "r", nil })
	if _, _, err := runAgent(t, m, []agent.Tool{f}); err != nil {
		t.Fatal(err)
	}
	if len(second) != 4 || string(second[1]) != string(reasoning) {
		t.Errorf("second input = %s", second)
	}
}

func TestParallelToolsAnswerInTheOrderOfTheirCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		running, most := 0, 0
		f := agent.Func("f", "", func(_ context.Context, in struct{ N int }) (int, error) {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(time.Duration(10-in.N) * time.Second)
			mu.Lock()
			running--
			mu.Unlock()
			return in.N, nil
		})
		m := agenttest.NewModel(calls(`f {"N":0}`, `f {"N":1}`, `f {"N":2}`, `f {"N":3}`), answer{Text: "x"})
		if _, _, err := runAgent(t, m, []agent.Tool{f}, agent.Parallel(2)); err != nil {
			t.Fatal(err)
		}
		if got := outputs(t, m.Requests()[1]); !reflect.DeepEqual(got, []string{"0", "1", "2", "3"}) {
			t.Errorf("outputs = %v", got)
		}
		if most != 2 {
			t.Errorf("tools at a time = %d, want 2", most)
		}
	})
}

func TestWhatTheModelIsToldOfATool(t *testing.T) {
	secret := errors.New("dial db.internal: refused")
	tools := []agent.Tool{
		agent.Func("fails", "", func(context.Context, none) (string, error) { return "", secret }),
		agent.Func("tells", "", func(context.Context, none) (string, error) { return "", agent.Tell("no city named %s", "X") }),
		agent.Func("panics", "", func(context.Context, none) (string, error) { panic("boom") }),
		agent.Func("polite", "", func(ctx context.Context, _ none) (string, error) { <-ctx.Done(); return "", ctx.Err() }).WithTimeout(time.Second),
		agent.Func("big", "", func(context.Context, none) (string, error) { return strings.Repeat("é", 100), nil }),
		agent.Func("binary", "", func(context.Context, none) ([]byte, error) { return []byte("a\xff\x00b"), nil }),
		agent.Func("bad", "", func(context.Context, none) (chan int, error) { return nil, nil }),
		agent.Func("typed", "", func(_ context.Context, in struct{ N int }) (int, error) { return in.N, nil }),
		agent.RawTool(agent.ToolSpec{Name: "raw", Schema: json.RawMessage(`{}`)}, func(_ context.Context, a json.RawMessage) (string, error) { return string(a), nil }),
	}
	tests := []struct {
		call, want string
		cause      func(error) bool
	}{
		{"fails", "The tool failed.", func(err error) bool { return errors.Is(err, secret) }},
		{"tells", "no city named X", func(err error) bool { return err != nil }},
		{"panics", "The tool failed.", func(err error) bool {
			var p *agent.PanicError
			return errors.As(err, &p) && p.Value == "boom" && len(p.Stack) > 0
		}},
		{"polite", "The tool took too long.", func(err error) bool { return errors.Is(err, agent.ErrToolTimeout) }},
		{"big", strings.Repeat("é", 74) + "\n[cut off: the whole output has 200 bytes]", nil},
		{"binary", "a\ufffd\x00b", nil},
		{"bad", "The tool failed.", func(err error) bool { return err != nil }},
		{`typed {"N":"x"}`, "The arguments are not valid: json: cannot unmarshal string into Go struct field .N of type int", func(err error) bool { return err != nil }},
		{`typed {"N":`, "The arguments are not valid: unexpected end of JSON input", func(err error) bool { return err != nil }},
		{`typed {"N":7}`, "7", nil},
		{`raw {"a": 1}`, `{"a": 1}`, nil},
		{"parallel", `There is no tool named "parallel".`, func(err error) bool { return err != nil }},
	}
	for _, tt := range tests {
		t.Run(tt.call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var cause error
				ended := 0
				m := agenttest.NewModel(calls(tt.call), answer{Text: "x"})
				_, _, err := runAgent(t, m, tools, agent.MaxToolOutput(149), agent.Watch(agent.Hooks{OnToolEnd: func(_ context.Context, _ agent.ToolCall, _ string, err error) {
					cause = err
					ended++
				}}))
				if err != nil {
					t.Fatal(err)
				}
				if got := outputs(t, m.Requests()[1]); len(got) != 1 || got[0] != tt.want {
					t.Errorf("output = %q, want %q", got, tt.want)
				}
				if ended != 1 || tt.cause == nil && cause != nil || tt.cause != nil && !tt.cause(cause) {
					t.Errorf("hook was called %d times, with %v", ended, cause)
				}
			})
		})
	}
}

func TestAToolThatIgnoresItsContextIsLeftBehind(t *testing.T) {
	release := make(chan struct{})
	late := make(chan error, 1)
	slow := agent.Func("slow", "", func(ctx context.Context, _ none) (string, error) {
		<-release
		b, _ := agent.BridgeFrom(ctx)
		late <- b.Emit(widgetDone("late"))
		return "", nil
	}).WithTimeout(time.Millisecond)
	m := agenttest.NewModel(calls("slow"), answer{Text: "x"})
	r, _, err := runAgent(t, m, []agent.Tool{slow})
	if err != nil {
		t.Fatal(err)
	}
	n := len(r.events)
	close(release)
	if err := <-late; !errors.Is(err, agent.ErrRunOver) {
		t.Errorf("emitting behind the end = %v, want ErrRunOver", err)
	}
	if len(r.events) != n {
		t.Error("something was emitted behind the end")
	}
}

func TestToolErrorsCanBeWorded(t *testing.T) {
	m := agenttest.NewModel(calls("f"), answer{Text: "x"})
	f := agent.Func("f", "", func(context.Context, none) (string, error) { return "", errors.New("e") })
	_, _, err := runAgent(t, m, []agent.Tool{f}, agent.ToolErrors(func(_ context.Context, c agent.ToolCall, err error) string { return c.Name + ": " + err.Error() }))
	if got := outputs(t, m.Requests()[1]); err != nil || got[0] != "f: e" {
		t.Errorf("output = %q, %v", got, err)
	}
}

func TestARunEndsBySelf(t *testing.T) {
	f := agent.Func("f", "", func(context.Context, struct{ N int }) (string, error) { return "r", nil })
	var same, different []answer
	for i := range 20 {
		same = append(same, calls(`f {"N":1}`))
		different = append(different, calls(fmt.Sprintf(`f {"N":%d}`, i)))
	}
	tests := []struct {
		name    string
		answers []answer
		opts    []agent.Option
		want    error
		asked   int
	}{
		{"at the same call for the fourth time", same, nil, agent.ErrLoop, 4},
		{"after ten turns", different, nil, agent.ErrMaxTurns, 10},
		{"after three turns, if asked to", different, []agent.Option{agent.MaxTurns(3)}, agent.ErrMaxTurns, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := agenttest.NewModel(tt.answers...)
			_, _, err := runAgent(t, m, []agent.Tool{f}, tt.opts...)
			if !errors.Is(err, tt.want) || len(m.Requests()) != tt.asked {
				t.Errorf("error = %v after %d turns, want %v after %d", err, len(m.Requests()), tt.want, tt.asked)
			}
		})
	}
}

func TestClientTools(t *testing.T) {
	theme := agent.ClientTool[struct {
		Dark bool `json:"dark"`
	}]("theme", "Switch the theme.")
	ran := 0
	f := agent.Func("f", "", func(context.Context, none) (string, error) { ran++; return "r", nil })
	t.Run("end the run behind the other tools", func(t *testing.T) {
		m := agenttest.NewModel(calls(`theme {"dark":true}`, "f", "theme"))
		r, o, err := runAgent(t, m, []agent.Tool{theme, f})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.short(t), "done client_tool_call tool_call_1 call_1_0 theme {\"dark\":true}\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if ran != 1 || o.ClientCall == nil || o.ClientCall.CallID != "call_1_0" || len(o.Calls) != 0 {
			t.Errorf("ran %d tools, outcome %+v", ran, o)
		}
	})
	t.Run("need an object as arguments", func(t *testing.T) {
		m := agenttest.NewModel(calls(`theme [1]`), answer{Text: "x"})
		r, _, err := runAgent(t, m, []agent.Tool{theme})
		if got := outputs(t, m.Requests()[1]); err != nil || len(got) != 1 || !strings.Contains(got[0], "not valid") {
			t.Errorf("outputs = %q, %v\n%s", got, err, r.short(t))
		}
	})
}

func TestInputGuards(t *testing.T) {
	bad := errors.New("off topic")
	t.Run("take everything back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			stopped := false
			m := agent.ModelFunc(func(ctx context.Context, _ *agent.Request) iter.Seq2[agent.Event, error] {
				return func(yield func(agent.Event, error) bool) {
					for yield(&agent.TextDelta{Text: "x"}, nil) {
						select {
						case <-time.After(20 * time.Millisecond):
						case <-ctx.Done():
							stopped = true
							yield(nil, ctx.Err())
							return
						}
					}
				}
			})
			start := time.Now()
			r, _, err := runAgent(t, m, nil, agent.InputGuard(func(context.Context, []json.RawMessage) error {
				time.Sleep(50 * time.Millisecond)
				return bad
			}))
			if !errors.Is(err, agent.ErrGuard) || !errors.Is(err, bad) || !stopped {
				t.Errorf("error = %v, model stopped = %v", err, stopped)
			}
			if took := time.Since(start); took != 50*time.Millisecond {
				t.Errorf("the run took %v, want 50ms: it stops at once", took)
			}
			if got := r.short(t); !strings.HasSuffix(got, "delta message_1/0 \"x\"\nremoved message_1\n") {
				t.Errorf("got:\n%s", got)
			}
		})
	})
	t.Run("are waited for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r, _, err := runAgent(t, agenttest.NewModel(answer{Text: "x"}), nil, agent.InputGuard(func(context.Context, []json.RawMessage) error {
				time.Sleep(time.Minute)
				return bad
			}))
			if !errors.Is(err, bad) || !strings.HasSuffix(r.short(t), "removed message_1\n") {
				t.Errorf("error = %v\n%s", err, r.short(t))
			}
		})
	})
	t.Run("let a run pass", func(t *testing.T) {
		var seen []json.RawMessage
		_, o, err := runAgent(t, agenttest.NewModel(answer{Text: "x"}), nil, agent.InputGuard(func(_ context.Context, in []json.RawMessage) error { seen = in; return nil }))
		if err != nil || o.Text != "x" || len(seen) != 1 {
			t.Errorf("outcome = %+v, %v", o, err)
		}
	})
	t.Run("stop the tools", func(t *testing.T) {
		cause := make(chan error, 1)
		f := agent.Func("f", "", func(ctx context.Context, _ none) (string, error) {
			<-ctx.Done()
			cause <- context.Cause(ctx)
			return "", ctx.Err()
		})
		began := make(chan struct{})
		_, _, err := runAgent(t, agenttest.NewModel(calls("f")), []agent.Tool{f},
			agent.Watch(agent.Hooks{OnToolStart: func(context.Context, agent.ToolCall) { close(began) }}),
			agent.InputGuard(func(context.Context, []json.RawMessage) error { <-began; return bad }))
		if got := <-cause; !errors.Is(err, bad) || !errors.Is(got, bad) {
			t.Errorf("error = %v, the tool's cause = %v", err, got)
		}
	})
	t.Run("can block", func(t *testing.T) {
		m := agenttest.NewModel(answer{Text: "x"})
		_, _, err := runAgent(t, m, nil, agent.BlockingGuard(func(context.Context, []json.RawMessage) error { return bad }))
		if !errors.Is(err, agent.ErrGuard) || len(m.Requests()) != 0 {
			t.Errorf("error = %v after %d requests", err, len(m.Requests()))
		}
	})
	t.Run("refuse when they panic", func(t *testing.T) {
		_, _, err := runAgent(t, agenttest.NewModel(answer{Text: "x"}), nil, agent.InputGuard(func(context.Context, []json.RawMessage) error { panic("boom") }))
		if !errors.Is(err, agent.ErrGuard) {
			t.Errorf("error = %v", err)
		}
	})
}

func TestCancellingStopsARunInEveryState(t *testing.T) {
	why := errors.New("user left")
	waiting := func(events ...agent.Event) agent.Model {
		return agent.ModelFunc(func(ctx context.Context, _ *agent.Request) iter.Seq2[agent.Event, error] {
			return func(yield func(agent.Event, error) bool) {
				for _, e := range events {
					if !yield(e, nil) {
						return
					}
				}
				<-ctx.Done()
				yield(nil, ctx.Err())
			}
		})
	}
	hang := agent.Func("hang", "", func(ctx context.Context, _ none) (string, error) { <-ctx.Done(); return "", ctx.Err() })
	for name, m := range map[string]agent.Model{
		"before the first event": waiting(),
		"in the text":            waiting(&agent.TextDelta{Text: "x"}),
		"in a thought":           waiting(&agent.ThoughtDelta{Text: "x"}),
		"in the tools":           agenttest.NewModel(calls("hang", "hang")),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(why) })
				b, r := started()
				_, err := b.RunAgent(ctx, &agent.Agent{Model: m, Tools: []agent.Tool{hang}}, nil)
				if !errors.Is(err, why) {
					t.Errorf("error = %v, want the cause", err)
				}
				if got := r.short(t); strings.Contains(got, "done assistant") {
					t.Errorf("the partial message was finished:\n%s", got)
				}
			})
		})
	}
}

func TestHooksSeeTheRun(t *testing.T) {
	var mu sync.Mutex
	var log []string
	add := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		log = append(log, fmt.Sprintf(format, args...))
	}
	f := agent.Func("f", "", func(context.Context, none) (string, error) { return "r", nil })
	_, _, err := runAgent(t, agenttest.NewModel(calls("f"), answer{Text: "x"}), []agent.Tool{f}, agent.Watch(agent.Hooks{
		OnModelStart: func(_ context.Context, r *agent.Request) { add("ask %d", len(r.Input)) },
		OnModelEnd:   func(_ context.Context, o *agent.Outcome, err error) { add("asked %s %v", o.Reason, err) },
		OnToolStart:  func(_ context.Context, c agent.ToolCall) { add("call %s", c.Name) },
		OnToolEnd: func(_ context.Context, c agent.ToolCall, out string, err error) {
			add("called %s %s %v", c.Name, out, err)
		},
	}))
	want := "ask 1, asked tool_calls <nil>, call f, called f r <nil>, ask 3, asked stop <nil>"
	if got := strings.Join(log, ", "); err != nil || got != want {
		t.Errorf("hooks saw %q, %v, want %q", got, err, want)
	}
}

func TestACallThatWasCutOffIsNotRun(t *testing.T) {
	f := agent.Func("f", "", func(context.Context, none) (string, error) { t.Error("the tool ran"); return "", nil })
	a := calls("f")
	a.Cut = agent.ReasonLength
	r, o, err := runAgent(t, agenttest.NewModel(a), []agent.Tool{f})
	if err != nil || o.Reason != agent.ReasonLength || !strings.Contains(r.short(t), "notice warning") {
		t.Errorf("outcome = %+v, %v\n%s", o, err, r.short(t))
	}
}

func TestToolsWithOneNameAreRefused(t *testing.T) {
	f := agent.Func("f", "", func(context.Context, none) (string, error) { return "", nil })
	if _, _, err := runAgent(t, agenttest.NewModel(), []agent.Tool{f, f}); err == nil {
		t.Error("two tools of one name were accepted")
	}
}

func TestTaskOutsideOfARunDoesNothing(t *testing.T) {
	task := agent.Task(t.Context(), "x")
	if err := errors.Join(task.Done(), task.Update(&chatkit.CustomTask{})); err != nil {
		t.Error(err)
	}
}

func TestInferSchema(t *testing.T) {
	type unit string
	type inner struct {
		A *int      `json:"a" jsonschema:"a number"`
		B []float64 `json:"b"`
	}
	type embedded struct {
		E bool `json:"e"`
	}
	type in struct {
		embedded
		City   string    `json:"city" jsonschema:"name of the city, as in \"Oslo\""`
		Unit   unit      `json:"unit,omitempty" enum:"c, f"`
		Level  int       `json:"level" enum:"1,2"`
		When   time.Time `json:"when"`
		Inner  *inner    `json:"inner"`
		Many   []inner   `json:"many"`
		Blob   []byte
		Secret string `json:"-"`
		hidden int
	}
	_ = in{}.hidden
	got, err := agent.InferSchema[in]()
	if err != nil {
		t.Fatal(err)
	}
	const innerSchema = `"properties":{"a":{"type":["integer","null"],"description":"a number"},"b":{"type":"array","items":{"type":"number"}}},"required":["a","b"],"additionalProperties":false}`
	want := `{"type":"object","properties":{"e":{"type":"boolean"},"city":{"type":"string","description":"name of the city, as in \"Oslo\""},` +
		`"unit":{"type":["string","null"],"enum":["c","f",null]},"level":{"type":"integer","enum":[1,2]},"when":{"type":"string","format":"date-time"},` +
		`"inner":{"type":["object","null"],` + innerSchema + `,"many":{"type":"array","items":{"type":"object",` + innerSchema + `},"Blob":{"type":"string","description":"base64"}},` +
		`"required":["e","city","unit","level","when","inner","many","Blob"],"additionalProperties":false}`
	if string(got) != want {
		t.Errorf("schema = %s\nwant     %s", got, want)
	}
}

type recursive struct {
	Next *recursive `json:"next"`
}

type deep[T any] struct{ X T }

func TestInferSchemaRefusesWhatIsNotStrict(t *testing.T) {
	for name, f := range map[string]func() (json.RawMessage, error){
		"recursion":    agent.InferSchema[recursive],
		"a map":        agent.InferSchema[struct{ M map[string]int }],
		"an interface": agent.InferSchema[struct{ M any }],
		"raw JSON":     agent.InferSchema[struct{ M json.RawMessage }],
		"no struct":    agent.InferSchema[string],
		"a channel":    agent.InferSchema[struct{ C chan int }],
		"a bad enum": agent.InferSchema[struct {
			N int `enum:"x"`
		}],
		"text numbers": agent.InferSchema[struct {
			N int `json:",string"`
		}],
		"eleven levels": agent.InferSchema[deep[deep[deep[deep[deep[deep[deep[deep[deep[deep[deep[int]]]]]]]]]]]],
	} {
		if s, err := f(); err == nil {
			t.Errorf("%s: schema = %s, want an error", name, s)
		}
	}
	if _, err := agent.InferSchema[none](); err != nil {
		t.Errorf("no arguments: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("Func did not panic")
		}
	}()
	agent.Func("f", "", func(context.Context, map[string]int) (string, error) { return "", nil })
}
