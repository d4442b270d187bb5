package chatkit

import "context"

// DefaultPageLimit is the number of elements in a page when [PageQuery.Limit] is
// zero or negative.
const DefaultPageLimit = 20

// Store keeps threads, their items and attachment records (ChatKit protocol: stores).
//
// Every method takes the owner whose data it works on: the tenant, user or session
// that [Options.Owner] computed for the request, or "" in a single-user server. What
// belongs to one owner does not exist for another: it is not found, never forbidden,
// and it is in no list. Two owners may use the same ids without touching each other.
//
// Ids are opaque non-empty strings. A thread's id is unique per owner, an item's id
// per owner and thread, an attachment's id per owner. Putting a value without an id
// is an error.
//
// Lists are ordered by (created_at, seq). The store gives out seq at the first put,
// so that elements with equal stamps have an order too, the one in which they came.
// Creation time is first because an item is stored when it is done, and a workflow
// that began before an answer may end after it. Stamps are kept in UTC and cut to
// microseconds; two stamps that differ by less are equal.
//
// A store keeps values whole: metadata that never goes over the wire, and items of
// types it does not know, whose JSON comes back as it was put (compacted). Values
// that go in and out are copies; changing one never changes what is stored.
//
// A method that returns nil has stored its change, and every later call sees it, on
// any connection. A done context makes a method return the context's error; a write
// that was refused in this way has changed nothing unless it was already under way.
//
// All methods are safe for concurrent use. Errors a caller can branch on are
// [ErrNotFound] and [ErrBadCursor], wrapped or bare. Package storetest checks an
// implementation against all of this. A store may also implement [Batcher].
type Store interface {
	// Thread returns the owner's thread with the given id, or ErrNotFound.
	Thread(ctx context.Context, owner, id string) (*Thread, error)

	// PutThread inserts t, or replaces the owner's thread with the same id. A
	// replaced thread keeps its place in the list and the CreatedAt of its first put.
	PutThread(ctx context.Context, owner string, t *Thread) error

	// Threads returns a page of the owner's threads. PageQuery.Hidden has no meaning
	// here. A cursor that names no thread of the owner is ErrBadCursor.
	Threads(ctx context.Context, owner string, q PageQuery) (Page[*Thread], error)

	// DeleteThread removes a thread, its items and the records of the attachments
	// whose ThreadID names it, together. Deleting what does not exist succeeds, and
	// still removes such attachments: they may have been put after the thread went.
	DeleteThread(ctx context.Context, owner, id string) error

	// Item returns one item of the owner's thread, or ErrNotFound.
	Item(ctx context.Context, owner, threadID, id string) (Item, error)

	// PutItem inserts it into the thread, or replaces the thread's item with the same
	// id, which keeps its place and the CreatedAt of its first put. The item goes
	// where threadID says; its own ThreadID is kept and not looked at. A thread that
	// does not exist is ErrNotFound, so that a late write never revives a deleted one.
	PutItem(ctx context.Context, owner, threadID string, it Item) error

	// Items returns a page of a thread's items. A thread that does not exist has an
	// empty page. A cursor that names no item of this owner and thread is
	// ErrBadCursor; one that names a hidden item is good, even if q leaves hidden
	// items out.
	Items(ctx context.Context, owner, threadID string, q PageQuery) (Page[Item], error)

	// DeleteItems removes the named items of a thread, all or none of them. Ids that
	// the thread does not have are ignored.
	DeleteItems(ctx context.Context, owner, threadID string, ids ...string) error

	// Attachment returns the owner's attachment record, or ErrNotFound.
	Attachment(ctx context.Context, owner, id string) (Attachment, error)

	// PutAttachment inserts a, or replaces the owner's attachment with the same id.
	// Its ThreadID may be nil, and the thread it names is not looked up.
	PutAttachment(ctx context.Context, owner string, a Attachment) error

	// DeleteAttachment removes an attachment record. Deleting what does not exist
	// succeeds. The bytes of the file are the business of an attachment store.
	DeleteAttachment(ctx context.Context, owner, id string) error
}

// Batcher is implemented by stores that can make several writes one. It is optional;
// find it with a type assertion.
type Batcher interface {
	// Batch calls fn once with a Store on which fn makes its reads and writes. If fn
	// returns nil, all its writes become visible to others together and Batch returns
	// nil once they are stored. If fn returns an error or panics, none of them happen;
	// Batch then returns that error or lets the panic go on. Reads inside fn see its
	// own writes.
	//
	// The Store is valid until fn returns, and for the batch's owner only: a call that
	// names another owner fails. It is safe for concurrent use, and does not itself
	// implement Batcher. Inside fn use nothing but this Store: other writers may be
	// waiting for fn, and a write to the outer one waits for itself. Do nothing slow in
	// fn either.
	Batch(ctx context.Context, owner string, fn func(Store) error) error
}

// Order is the direction in which a list is read (ChatKit protocol: pagination).
type Order string

const (
	// OrderAsc reads from the oldest to the newest. It is also what the empty Order
	// and any unknown one mean.
	OrderAsc Order = "asc"

	// OrderDesc reads from the newest to the oldest.
	OrderDesc Order = "desc"
)

// PageQuery selects a page of a list (ChatKit protocol: pagination). Its zero value
// asks for the first DefaultPageLimit visible elements, oldest first.
//
// A store answers with a [Page] of at most Limit elements. HasMore says whether at
// least one element follows in the same order, and After, the id of the last element
// of the page, is set if and only if HasMore is.
type PageQuery struct {
	// After is the id of an element of the same list; the page begins behind it in the
	// order of the query. Empty means from the start of the order.
	After string

	// Limit is the most elements the page may have. A store takes any positive number;
	// keeping it reasonable is the server's part. Zero and less mean DefaultPageLimit.
	Limit int

	// Order is the direction of reading. Defaults to OrderAsc.
	Order Order

	// Hidden includes the items that clients never see, those that [Hidden] reports.
	// Without it they are left out before the page is cut, so pages are full.
	Hidden bool
}
