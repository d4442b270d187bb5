package agent

// improvement is a place where the bridge knowingly differs from the reference SDK. All of them are off
// under [Parity].
type improvement int

const (
	implicitStarts improvement = iota
	streamedRefusals
	keptAnnotations
	oneTimestamp
	throttledThoughts
	noEmptyImages
	noEmptyMessages
	noLoadingTasks
	noLostWorkflows
	noGhostWorkflows
	boundClientCalls
	closedItems
	toldEndings
	trueImageTypes
	uniqueIDs
	noDoubleTail

	numImprovements
)

// improvements is the whole list, with a reason each.
var improvements = [numImprovements]struct{ what, why string }{
	implicitStarts:    {"a delta opens the message, part, thought or image it needs", "resumed and minimal streams have no starts; a client ignores updates of items it never got"},
	streamedRefusals:  {"refusals stream like text", "the reference shows nothing until the whole item is done"},
	keptAnnotations:   {"a finished part keeps its citations", "the reference takes them away until the item is done"},
	oneTimestamp:      {"a finished item keeps the time at which it was announced", "two times sort a widget that finished in between before the message, after a reload"},
	throttledThoughts: {"streamed thoughts are sent ten times a second at most, and only if they grew by a tenth", "each update repeats the whole text: 20 kB of thoughts cost 50 MB"},
	noEmptyImages:     {"an image that never came is removed", "the reference leaves an empty frame for ever"},
	noEmptyMessages:   {"a message without any text is removed", "an empty bubble says nothing"},
	noLoadingTasks:    {"tasks still loading are complete when their workflow ends, and stay so", "they would spin for ever"},
	noLostWorkflows:   {"starting a workflow ends the one before it", "the reference forgets it: no end, not stored"},
	noGhostWorkflows:  {"a workflow that was never shown is neither ended nor stored", "it would appear out of nothing on a reload"},
	boundClientCalls:  {"a client tool call takes the ids of the call that asked for it", "the reference takes those of the run's last call, which the model then cannot match"},
	closedItems:       {"what is still open when a response ends is closed", "the client shows an open item as being written"},
	toldEndings:       {"failures, limits and filters are told to the user", "the reference ignores them and the answer just stops"},
	trueImageTypes:    {"data URLs carry the image's own type", "the reference calls everything PNG"},
	uniqueIDs:         {"an id that was used in this run, or that is a known placeholder, is replaced", "providers that send one id for all messages overwrite them"},
	noDoubleTail:      {"a workflow that was ended by hand is not continued by the same run", "the reference opens it again and stores it twice"},
}

func (b *Bridge) on(improvement) bool { return !b.opts.parity }
