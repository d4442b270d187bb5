package vectortest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"
)

// Env names the environment variable with a folder of vectors to use instead of
// the ones that come with the project.
const Env = "CHATKIT_VECTORS"

// Dir returns the folder that [Env] names, or fallback if it names none.
func Dir(fallback string) string {
	if dir := os.Getenv(Env); dir != "" {
		return dir
	}
	return fallback
}

// A vector is one recorded conversation with a server.
type vector struct {
	Name            string   `json:"name"`
	Initial         contents `json:"initial"`
	AttachmentStore *bool    `json:"attachment_store"`
	Options         struct {
		AllowCancel *bool `json:"allow_cancel"`
	} `json:"options"`
	Exchanges []*exchange `json:"exchanges"`
	Final     contents    `json:"final"`
}

// contents are what a store holds, each in stored form, in the order of a page.
type contents struct {
	Threads     []json.RawMessage            `json:"threads,omitempty"`
	Items       map[string][]json.RawMessage `json:"items,omitempty"`
	Attachments []json.RawMessage            `json:"attachments,omitempty"`
}

// An exchange is one request, what the author's code does on it, and the answer.
type exchange struct {
	Request          json.RawMessage `json:"request"`
	Raw              *string         `json:"raw"`
	Respond          []step          `json:"respond"`
	Action           []step          `json:"action"`
	SyncAction       json.RawMessage `json:"sync_action"`
	Transcribe       json.RawMessage `json:"transcribe"`
	CreateAttachment json.RawMessage `json:"create_attachment"`
	Expect           expect          `json:"expect"`
}

type expect struct {
	Kind               string            `json:"kind"`
	Events             []json.RawMessage `json:"events"`
	Body               json.RawMessage   `json:"body"`
	Bytes              *string           `json:"bytes"`
	EndedBy            string            `json:"ended_by"`
	Seen               []json.RawMessage `json:"seen"`
	Feedback           json.RawMessage   `json:"feedback"`
	AttachmentsDeleted json.RawMessage   `json:"attachments_deleted"`
}

// A step is one thing that the author's code does.
type step struct {
	Emit      json.RawMessage `json:"emit,omitempty"`
	SetThread json.RawMessage `json:"set_thread,omitempty"`
	Raise     *raise          `json:"raise,omitempty"`
	Cancel    bool            `json:"cancel,omitempty"`
	Pause     *int            `json:"pause,omitempty"` // milliseconds
}

type raise struct {
	Kind       string `json:"kind"`
	Code       string `json:"code,omitempty"`
	Message    string `json:"message,omitempty"`
	AllowRetry *bool  `json:"allow_retry,omitempty"`
}

// body is what the exchange posts.
func (x *exchange) body() []byte {
	if x.Raw != nil {
		return []byte(*x.Raw)
	}
	return x.Request
}

// load reads every vector of a kind: the files in dir/kind, by name. A kind
// without a folder has none.
func load[V any](dir, kind string) (map[string]V, []string, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, nil, fmt.Errorf("folder of vectors: %w", err)
	}
	return loadFS[V](os.DirFS(dir), kind)
}

// loadFS is load for any tree of files.
func loadFS[V any](fsys fs.FS, kind string) (map[string]V, []string, error) {
	files, err := fs.Glob(fsys, path.Join(kind, "*.json"))
	if err != nil {
		return nil, nil, err
	}
	sort.Strings(files)
	all, names := map[string]V{}, []string(nil)
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, nil, err
		}
		var v V
		if err := json.Unmarshal(data, &v); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		name := strings.TrimSuffix(path.Base(file), ".json")
		all[name], names = v, append(names, name)
	}
	return all, names, nil
}
