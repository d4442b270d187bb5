package widgettemplate

import (
	"context"
	"io/fs"
	"sync"

	"github.com/gochatkit/chatkit/core/widget"
)

// Set is the .widget files of a file system, each compiled when it is first used and then kept. Files that
// change afterwards are not read again. A Set is safe for concurrent use.
type Set struct {
	fsys fs.FS
	opts *Options

	mu    sync.Mutex
	files map[string]*Template
}

// NewSet returns the set of files in fsys, such as an embed.FS or os.DirFS("widgets").
func NewSet(fsys fs.FS, opts *Options) *Set {
	return &Set{fsys: fsys, opts: opts, files: map[string]*Template{}}
}

// Template returns the compiled file of that name. A file that does not compile is tried again the next time.
func (s *Set) Template(name string) (*Template, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.files[name]; t != nil {
		return t, nil
	}
	t, err := Load(s.fsys, name, s.opts)
	if err != nil {
		return nil, err
	}
	s.files[name] = t
	return t, nil
}

// Render is [Template.Render] with the file of that name.
func (s *Set) Render(ctx context.Context, name string, data any) (*widget.Dynamic, error) {
	t, err := s.Template(name)
	if err != nil {
		return nil, err
	}
	return t.Render(ctx, data)
}
