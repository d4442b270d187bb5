package vectortest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/memstore"
	"github.com/gochatkit/chatkit/core/run"
)

// A Responder is a server whose answers follow scripts: the contract of docs/responder-contract.md, kept in Go.
// It serves scripts as an [http.Handler]; mount it beside the route of its server, at that route's address
// followed by "/script". It is for tests: whoever reaches it can read and change everything.
//
// It is safe for concurrent use, but has one script and one store for all.
type Responder struct {
	srv    *chatkit.Server
	store  chatkit.Store
	author *author

	mu          sync.Mutex
	options     cueOptions
	attachments []string // that there may be
	state       string
}

// NewResponder returns a responder without a script: its server answers nothing.
func NewResponder() *Responder {
	r := &Responder{store: inOrder(memstore.New()), author: &author{}, state: stateIdle}
	r.author.begin(&exchange{})
	r.srv = chatkit.NewServer(r.store, r.respond, &chatkit.Options{
		Action:             r.action,
		SyncAction:         r.author.syncAction,
		Feedback:           r.author.addFeedback,
		Transcribe:         r.author.transcribe,
		Attachments:        fileStore{r},
		StreamOptions:      r.streamOptions,
		Logger:             slog.New(slog.DiscardHandler),
		DropPartialOnError: true, // as the reference does
		Run:                run.Config{OnEnd: func(run.End) { r.enter(stateIdle) }},
	})
	return r
}

// Server returns the server, to be mounted through any adapter.
func (r *Responder) Server() *chatkit.Server { return r.srv }

func (r *Responder) enter(state string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = state
}

func (r *Responder) respond(ctx context.Context, t *chatkit.Turn) error {
	r.enter(statePlaying)
	return r.author.respond(ctx, t)
}

func (r *Responder) action(ctx context.Context, t *chatkit.Turn, a *chatkit.Action) error {
	r.enter(statePlaying)
	return r.author.action(ctx, t, a)
}

func (r *Responder) streamOptions(context.Context, *chatkit.Thread) chatkit.StreamOptions {
	r.mu.Lock()
	defer r.mu.Unlock()
	return chatkit.StreamOptions{AllowCancel: r.options.AllowCancel == nil || *r.options.AllowCancel}
}

// fileStore is the responder's attachments, or none if it is told to take none.
type fileStore struct{ r *Responder }

func (f fileStore) CreateAttachment(ctx context.Context, owner string, a *chatkit.AttachmentCreate) (chatkit.Attachment, error) {
	if err := f.allowed(); err != nil {
		return nil, err
	}
	at, err := f.r.author.CreateAttachment(ctx, owner, a)
	if err == nil {
		f.r.remember(at.Meta().ID)
	}
	return at, err
}

func (f fileStore) DeleteAttachment(ctx context.Context, owner, id string) error {
	if err := f.allowed(); err != nil {
		return err
	}
	return f.r.author.DeleteAttachment(ctx, owner, id)
}

func (f fileStore) allowed() error {
	f.r.mu.Lock()
	defer f.r.mu.Unlock()
	if allow := f.r.options.Attachments; allow != nil && !*allow {
		return chatkit.ErrUnsupported
	}
	return nil
}

func (r *Responder) remember(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.attachments, id) {
		r.attachments = append(r.attachments, id)
	}
}

// maxCue limits a script, in bytes.
const maxCue = 8 << 20

// ServeHTTP takes a script (PUT) and tells what is there (GET).
func (r *Responder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var err error
	switch req.Method {
	case http.MethodPut:
		var c cue
		if err = json.NewDecoder(http.MaxBytesReader(w, req.Body, maxCue)).Decode(&c); err == nil {
			err = r.take(req.Context(), &c)
		}
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
	case http.MethodGet:
		var sc *scene
		if sc, err = r.tell(req.Context()); err == nil {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(sc) // whoever asked is gone
			return
		}
	default:
		w.Header().Set("Allow", "GET, PUT")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	http.Error(w, err.Error(), http.StatusBadRequest) // a test's author reads it
}

// take replaces what is stored, if it is told to, and the script.
func (r *Responder) take(ctx context.Context, c *cue) error {
	if c.Store != nil {
		if err := r.clear(ctx); err != nil {
			return err
		}
		if err := fill(ctx, r.store, *c.Store); err != nil {
			return err
		}
		for _, id := range attachmentIDs(&vector{Initial: *c.Store}) {
			r.remember(id)
		}
	}
	if c.Options != nil {
		r.mu.Lock()
		r.options = *c.Options
		r.mu.Unlock()
	}
	r.author.begin(&exchange{
		Respond: c.Script.Respond, Action: c.Script.Action, SyncAction: c.Script.SyncAction,
		Transcribe: c.Script.Transcribe, CreateAttachment: c.Script.CreateAttachment,
	})
	return nil
}

// clear empties the store.
func (r *Responder) clear(ctx context.Context) error {
	for {
		page, err := r.store.Threads(ctx, "", chatkit.PageQuery{})
		if err != nil {
			return err
		}
		for _, t := range page.Data {
			if err := r.store.DeleteThread(ctx, "", t.ID); err != nil {
				return err
			}
		}
		if !page.HasMore {
			break
		}
	}
	r.mu.Lock()
	ids := r.attachments
	r.attachments = nil
	r.mu.Unlock()
	for _, id := range ids {
		if err := r.store.DeleteAttachment(ctx, "", id); err != nil && !errors.Is(err, chatkit.ErrNotFound) {
			return err
		}
	}
	return nil
}

func (r *Responder) tell(ctx context.Context) (*scene, error) {
	r.mu.Lock()
	sc, ids := &scene{State: r.state}, slices.Clone(r.attachments)
	r.mu.Unlock()
	if sc.State == statePlaying && r.author.waiting() {
		sc.State = stateWaiting
	}
	sh, err := read(ctx, r.store, ids)
	if err != nil {
		return nil, err
	}
	seen, feedback, deleted, err := r.author.snapshot()
	if err != nil {
		return nil, err
	}
	doc, err := json.Marshal(map[string]any{
		"state": sc.State, "store": sh.value(), "seen": seen, "feedback": feedback, "attachments_deleted": deleted,
	})
	if err != nil {
		return nil, err
	}
	return sc, json.Unmarshal(doc, sc)
}
