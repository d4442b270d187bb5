package vectortest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/gochatkit/chatkit/core/client"
)

// RemoteOptions change how [Remote] plays vectors. Client and Script are required.
type RemoteOptions struct {
	// Client sends the requests.
	Client *client.Client
	// Script is the address at which the server takes scripts.
	Script string
	// HTTP sends to that address. Defaults to a client of its own.
	HTTP *http.Client
	// Header goes with what is sent there.
	Header http.Header
	// Timeout limits a vector. Defaults to ten seconds.
	Timeout time.Duration
	// Match says which vectors to play, by name. Defaults to all.
	Match func(name string) bool
	// Done is told of every outcome as it comes. It may be nil.
	Done func(*Outcome)
}

// Remote plays the server vectors in the folder "server" of vectors against a server in whatever language that
// keeps the contract of docs/responder-contract.md. Ids may be the server's own; an answer may be as the
// reference gives it, or as [Differences] has it. An error means that the server keeps no such contract.
func Remote(ctx context.Context, vectors fs.FS, o RemoteOptions) ([]*Outcome, error) {
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	all, names, err := loadFS[*vector](vectors, "server")
	if err != nil {
		return nil, err
	}
	st := &remoteStage{o: &o}
	if _, err := st.ask(ctx); err != nil {
		return nil, err
	}
	var outcomes []*Outcome
	for _, name := range names {
		if o.Match != nil && !o.Match(name) {
			continue
		}
		if ctx.Err() != nil {
			return outcomes, context.Cause(ctx)
		}
		p := newPlayer(name, all[name])
		if err := p.playRemote(ctx, &o); err != nil {
			p.out.problem("%v", err)
		}
		outcomes = append(outcomes, p.out)
		if o.Done != nil {
			o.Done(p.out)
		}
	}
	return outcomes, nil
}

func (p *player) playRemote(ctx context.Context, o *RemoteOptions) error {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	p.names, p.reference = newNames(), true
	st := &remoteStage{o: o, names: p.names}
	err := st.tell(ctx, &cue{
		Store:   &p.vector.Initial,
		Options: &cueOptions{AllowCancel: p.vector.Options.AllowCancel, Attachments: p.vector.AttachmentStore},
	})
	if err != nil {
		return err
	}
	if err := p.play(ctx, overHTTP{o.Client}, st); err != nil {
		return err
	}
	if st.foretold && !p.names.same() && !p.out.Passed() {
		p.out.Problems, p.out.Skipped = nil, "its script names an id that the server makes later, and this server's ids are not counted"
	}
	return nil
}

// A remoteStage is a test server somewhere else.
type remoteStage struct {
	o     *RemoteOptions
	names *names
	// foretold is set if a script names an id before the server makes it.
	foretold bool
}

// Limits of what a test server may say, and how long to wait before asking it again.
const (
	maxScene = 32 << 20 // bytes
	patience = 3 * time.Millisecond
)

// ErrNoContract says that there is nothing at the address for scripts that keeps the contract.
var ErrNoContract = errors.New("the server takes no scripts; see docs/responder-contract.md")

func (s *remoteStage) send(ctx context.Context, method string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.o.Script, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range s.o.Header {
		req.Header[name] = values
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := s.o.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s the script: %w", method, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxScene))
	if err != nil {
		return nil, fmt.Errorf("%s the script: %w", method, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, fmt.Errorf("%w: %s %s: status %d", ErrNoContract, method, s.o.Script, res.StatusCode)
	}
	return answer, nil
}

func (s *remoteStage) tell(ctx context.Context, c *cue) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = s.send(ctx, http.MethodPut, s.names.send(body))
	return err
}

func (s *remoteStage) ask(ctx context.Context) (*scene, error) {
	body, err := s.send(ctx, http.MethodGet, nil)
	if err != nil {
		return nil, err
	}
	sc := new(scene)
	if err := json.Unmarshal(body, sc); err != nil {
		return nil, fmt.Errorf("%w: GET %s: %w", ErrNoContract, s.o.Script, err)
	}
	switch sc.State {
	case stateIdle, statePlaying, stateWaiting:
		return sc, nil
	}
	return nil, fmt.Errorf("%w: GET %s: the state is %q", ErrNoContract, s.o.Script, sc.State)
}

// await asks until the state is the wanted one.
func (s *remoteStage) await(ctx context.Context, state string) (*scene, error) {
	for {
		sc, err := s.ask(ctx)
		if err != nil || sc.State == state {
			return sc, err
		}
		select {
		case <-time.After(patience):
		case <-ctx.Done():
			return nil, fmt.Errorf("the server stays in the state %q, want %q: %w", sc.State, state, ctx.Err())
		}
	}
}

func (s *remoteStage) begin(ctx context.Context, x *exchange) error {
	c := &cue{Script: script{
		Respond: x.Respond, Action: x.Action, SyncAction: x.SyncAction, Transcribe: x.Transcribe, CreateAttachment: x.CreateAttachment,
	}}
	doc, err := json.Marshal(c)
	if err != nil {
		return err
	}
	s.foretold = s.foretold || s.names.unknown(doc)
	return s.tell(ctx, c)
}

func (s *remoteStage) waits(ctx context.Context) error {
	_, err := s.await(ctx, stateWaiting)
	return err
}

func (s *remoteStage) left(ctx context.Context) error { return s.settle(ctx) }

func (s *remoteStage) settle(ctx context.Context) error {
	_, err := s.await(ctx, stateIdle)
	return err
}

func (s *remoteStage) read(ctx context.Context) (*shelf, error) {
	sc, err := s.await(ctx, stateIdle)
	if err != nil {
		return nil, err
	}
	v, err := parseContents(sc.Store)
	if err != nil {
		return nil, err
	}
	v, _ = s.names.rename(v).(map[string]any)
	sh := &shelf{Items: map[string][]any{}}
	sh.Threads, _ = v["threads"].([]any)
	sh.Attachments, _ = v["attachments"].([]any)
	items, _ := v["items"].(map[string]any)
	for thread, list := range items {
		sh.Items[thread], _ = list.([]any)
	}
	return sh, nil
}

func (s *remoteStage) hooks(ctx context.Context) (seen, feedback, deleted any, err error) {
	sc, err := s.await(ctx, stateIdle)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, f := range []struct {
		from []json.RawMessage
		to   *any
	}{{sc.Seen, &seen}, {sc.Feedback, &feedback}, {sc.AttachmentsDeleted, &deleted}} {
		if *f.to, err = parseAll(f.from); err != nil {
			return nil, nil, nil, err
		}
	}
	return seen, feedback, deleted, nil
}
