package memstore

import (
	"container/list"
	"maps"
	"slices"
	"time"

	"github.com/gochatkit/chatkit/core"
)

// state is everything a Store holds. Its methods expect the Store's lock to be held.
type state struct {
	owners     map[string]*owner
	seq        uint64
	recent     list.List // *thread, the one written to last in front
	maxThreads int
	maxAge     time.Duration

	undoing bool
	undo    []func()
}

type owner struct {
	threads     index
	attachments map[string]*attachment
	bound       map[string]map[string]*attachment // by thread id, then by id
}

type thread struct {
	owner   string
	entry   *entry
	items   index
	recent  *list.Element
	written time.Time
}

type attachment struct {
	id       string
	threadID string // "" while no message uses it
	data     []byte
}

// beginUndo starts to note how to take back every change.
func (s *state) beginUndo() { s.undoing = true }

// endUndo stops that, and takes the changes back if asked to.
func (s *state) endUndo(back bool) {
	undo := s.undo
	s.undo, s.undoing = nil, false
	if back {
		for _, f := range slices.Backward(undo) {
			f()
		}
	}
}

func (s *state) onUndo(f func()) {
	if s.undoing {
		s.undo = append(s.undo, f)
	}
}

func (s *state) nextSeq() uint64 {
	s.seq++
	return s.seq
}

func (s *state) owner(id string) *owner {
	o, ok := s.owners[id]
	if !ok {
		o = &owner{
			threads:     newIndex(),
			attachments: make(map[string]*attachment),
			bound:       make(map[string]map[string]*attachment),
		}
		s.owners[id] = o
	}
	return o
}

// forget drops an owner that has nothing left, so that a server with many short-lived
// owners does not grow by them.
func (s *state) forget(id string) {
	if o := s.owners[id]; o != nil && len(o.threads.order) == 0 && len(o.attachments) == 0 {
		delete(s.owners, id)
	}
}

func (s *state) thread(ownerID, id string) *thread {
	if o := s.owners[ownerID]; o != nil {
		if e := o.threads.byID[id]; e != nil {
			return e.thread
		}
	}
	return nil
}

func (s *state) addThread(t *thread) {
	s.owner(t.owner).threads.insert(t.entry)
	t.recent = s.recent.PushFront(t)
	s.onUndo(func() { s.dropThread(t) })
}

func (s *state) dropThread(t *thread) {
	s.owner(t.owner).threads.remove(t.entry)
	s.recent.Remove(t.recent)
	s.forget(t.owner)
	s.onUndo(func() { s.addThread(t) })
}

// touch notes that t was written to.
func (s *state) touch(t *thread) {
	t.written = time.Now()
	s.recent.MoveToFront(t.recent)
}

// deleteThread drops a thread with all that belongs to it. Attachments go even if there is
// no thread: they may have been put after it was deleted.
func (s *state) deleteThread(ownerID, id string) {
	o := s.owners[ownerID]
	if o == nil {
		return
	}
	// A copy, since dropping an attachment takes it out of the map.
	for _, a := range slices.Collect(maps.Values(o.bound[id])) {
		s.dropAttachment(ownerID, a)
	}
	if t := s.thread(ownerID, id); t != nil {
		s.dropThread(t)
	}
}

// replace gives e new data; its place stays.
func (s *state) replace(e *entry, data []byte, hidden bool) {
	before, wasHidden := e.data, e.hidden
	e.data, e.hidden = data, hidden
	s.onUndo(func() { e.data, e.hidden = before, wasHidden })
}

func (s *state) addItem(t *thread, e *entry) {
	t.items.insert(e)
	s.onUndo(func() { t.items.remove(e) })
}

func (s *state) dropItem(t *thread, e *entry) {
	t.items.remove(e)
	s.onUndo(func() { t.items.insert(e) })
}

func (s *state) addAttachment(ownerID string, a *attachment) {
	o := s.owner(ownerID)
	o.attachments[a.id] = a
	if a.threadID != "" {
		if o.bound[a.threadID] == nil {
			o.bound[a.threadID] = make(map[string]*attachment)
		}
		o.bound[a.threadID][a.id] = a
	}
	s.onUndo(func() { s.dropAttachment(ownerID, a) })
}

func (s *state) dropAttachment(ownerID string, a *attachment) {
	o := s.owner(ownerID)
	delete(o.attachments, a.id)
	if a.threadID != "" {
		delete(o.bound[a.threadID], a.id)
		if len(o.bound[a.threadID]) == 0 {
			delete(o.bound, a.threadID)
		}
	}
	s.forget(ownerID)
	s.onUndo(func() { s.addAttachment(ownerID, a) })
}

// evict drops what the limits no longer allow.
func (s *state) evict(now time.Time) {
	for s.recent.Len() > 0 {
		t := s.recent.Back().Value.(*thread)
		tooMany := s.maxThreads > 0 && s.recent.Len() > s.maxThreads
		tooOld := s.maxAge > 0 && now.Sub(t.written) > s.maxAge
		if !tooMany && !tooOld {
			return
		}
		s.deleteThread(t.owner, t.entry.id)
	}
}

// threads and items return an empty index for what does not exist, so that a cursor
// into it is as unknown as any other.
func (s *state) threads(ownerID string) *index {
	if o := s.owners[ownerID]; o != nil {
		return &o.threads
	}
	return &index{}
}

func (s *state) items(ownerID, threadID string) *index {
	if t := s.thread(ownerID, threadID); t != nil {
		return &t.items
	}
	return &index{}
}

func (s *state) attachment(ownerID, id string) (*attachment, error) {
	if o := s.owners[ownerID]; o != nil {
		if a := o.attachments[id]; a != nil {
			return a, nil
		}
	}
	return nil, chatkit.ErrNotFound
}
