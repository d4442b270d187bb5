// Package storetest checks that a [chatkit.Store] keeps the promises of its interface.
// Every store of this project passes it; so can yours:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) chatkit.Store { return mystore.Open(t.TempDir()) })
//	}
//
// Run it with -race: some of the checks write from many goroutines.
package storetest

import (
	"context"
	"testing"

	"github.com/gochatkit/chatkit/core"
)

// Run runs the conformance suite. Each check is a subtest that calls open for an empty
// store of its own; open registers its clean-up with t.Cleanup and ends the test itself
// if it cannot. Checks of [chatkit.Batcher] are skipped for stores without it.
func Run(t *testing.T, open func(t *testing.T) chatkit.Store) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			if _, ok := s.(chatkit.Batcher); c.batch && !ok {
				t.Skip("the store does not implement chatkit.Batcher, which is optional")
			}
			c.run(t, s)
		})
	}
}

// tb is the part of testing.T that checks use. It is an interface so that the suite's
// own tests can watch a check fail.
type tb interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// check is one promise. Its name is a sentence about the store.
type check struct {
	name  string
	run   func(t tb, s chatkit.Store)
	batch bool // needs a chatkit.Batcher
}

var checks = []check{
	{name: "a thread comes back as it was put", run: threadRoundTrip},
	{name: "a thread that is not there is not found", run: threadMissing},
	{name: "putting a thread again replaces its fields", run: threadReplaced},
	{name: "putting a thread again keeps its place and creation time", run: threadKeepsPlace},
	{name: "threads are copies", run: threadCopies},
	{name: "a thread without an id is refused", run: threadWithoutID},
	{name: "deleting a thread takes its items and attachments along", run: deleteCascades},
	{name: "a thread put anew after its deletion begins empty", run: threadPutAnew},

	{name: "an item of every kind comes back as it was put", run: itemRoundTrip},
	{name: "an item of an unknown kind keeps every byte", run: unknownItem},
	{name: "an item that is not there is not found", run: itemMissing},
	{name: "putting an item again replaces it", run: itemReplaced},
	{name: "putting an item again keeps its place and creation time", run: itemKeepsPlace},
	{name: "an item can become hidden and visible again", run: itemChangesVisibility},
	{name: "items are copies", run: itemCopies},
	{name: "an item without an id is refused", run: itemWithoutID},
	{name: "an item put into a missing thread is not found", run: itemIntoMissingThread},
	{name: "two threads may have items of the same id", run: sameItemIDInTwoThreads},
	{name: "deleting items takes the named ones only", run: deleteItems},
	{name: "deleting nothing succeeds", run: deleteNothing},
	{name: "an item put again after its deletion is new", run: itemPutAnew},

	{name: "lists are ordered by creation time, not by arrival", run: orderByCreation},
	{name: "equal stamps are ordered by arrival and none is lost", run: equalStamps},
	{name: "pages join without gap or repeat", run: pagesJoin},
	{name: "a page says whether more follows", run: pageEnds},
	{name: "a limit of zero or less means the default", run: defaultLimit},
	{name: "pages are full although hidden items are left out", run: hiddenItems},
	{name: "a hidden item is a cursor like any other", run: hiddenCursor},
	{name: "a cursor that names nothing in the list is refused", run: badCursors},
	{name: "the list of a missing thread is empty", run: missingThreadList},

	{name: "owners do not see each other's threads", run: foreignThreads},
	{name: "owners do not see each other's items", run: foreignItems},
	{name: "owners do not see each other's attachments", run: foreignAttachments},

	{name: "stamps keep their microseconds and nothing below", run: microseconds},
	{name: "stamps of any zone are one instant in UTC", run: zones},
	{name: "a megabyte fits into an item", run: bigItem},
	{name: "text of any script and NUL come back", run: anyText},
	{name: "ids are opaque", run: oddIDs},

	{name: "an attachment comes back as it was put", run: attachmentRoundTrip},
	{name: "an attachment that is not there is not found", run: attachmentMissing},
	{name: "putting an attachment again replaces it", run: attachmentReplaced},
	{name: "a deleted attachment is not found", run: attachmentDeleted},
	{name: "attachments are copies", run: attachmentCopies},
	{name: "an attachment without an id is refused", run: attachmentWithoutID},

	{name: "a cancelled context stops every method", run: cancelled},
	{name: "parallel writers lose nothing", run: parallelWriters},
	{name: "parallel puts of one item make one item", run: parallelPutsOfOne},
	{name: "a late put never revives a deleted thread", run: latePut},
	{name: "a reader pages in order while others write", run: pagingWhileWriting},

	{name: "a batch sees its own writes", run: batchSeesItself, batch: true},
	{name: "a batch without error is stored", run: batchCommits, batch: true},
	{name: "a batch with an error leaves nothing behind", run: batchRollsBack, batch: true},
	{name: "a batch that panics leaves nothing behind", run: batchPanics, batch: true},
	{name: "nobody sees half a batch", run: batchIsAtomic, batch: true},
	{name: "a batch serves its owner, until it ends", run: batchBounds, batch: true},
	{name: "a cancelled context stops a batch", run: batchCancelled, batch: true},
}
