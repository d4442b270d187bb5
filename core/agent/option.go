package agent

import (
	"context"
	"encoding/json"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
)

// Option changes how a run is shown.
type Option func(*options)

type options struct {
	parity         bool
	rawThoughts    bool
	hostedTools    bool
	commentary     bool
	delayReasoning bool
	incompleteErr  bool
	partialImages  int
	maxMessage     int
	imageURL       func(context.Context, Image) (string, error)
	annotate       func(Citation) *chatkit.Annotation
	describe       func(error) *Failure
	ending         func(Reason) string
	thoughtEvery   time.Duration
	coalesce       time.Duration
	coalesceBytes  int

	// of a run with tools
	maxTurns  int
	parallel  int
	maxOutput int
	input     []json.RawMessage
	converter *Converter
	guards    []Guard
	blocking  []Guard
	hooks     Hooks
	toolError func(context.Context, ToolCall, error) string
}

func newOptions(opts []Option) options {
	o := options{
		maxMessage: 4 << 20, thoughtEvery: 100 * time.Millisecond, annotate: Annotate, ending: endingText,
		maxTurns: 10, parallel: 8, maxOutput: 256 << 10,
	}
	for _, f := range opts {
		f(&o)
	}
	return o
}

// Parity turns off everything that is better than in the reference SDK, for comparisons with it.
func Parity() Option { return func(o *options) { o.parity = true } }

// ShowRawThoughts shows chains of thought, which open models stream, like summaries. Without it they are
// hidden: they are not written for readers, and some licences forbid to show them.
func ShowRawThoughts() Option { return func(o *options) { o.rawThoughts = true } }

// ShowHostedTools shows tools that the provider runs, such as web search, as tasks of a workflow.
func ShowHostedTools() Option { return func(o *options) { o.hostedTools = true } }

// CommentaryAsThoughts shows messages of the phase "commentary" as thoughts instead of as messages.
func CommentaryAsThoughts() Option { return func(o *options) { o.commentary = true } }

// DelayReasoning shows a reasoning workflow only once there is a thought to show in it. Without it a model
// that thinks in secret shows "Thought for 3 seconds".
func DelayReasoning() Option { return func(o *options) { o.delayReasoning = true } }

// IncompleteAsError ends a run that hit a limit or a filter with an error. Without it the text stays
// and a notice says what happened.
func IncompleteAsError() Option { return func(o *options) { o.incompleteErr = true } }

// PartialImages says how many previews of an image to expect, which turns them into progress.
// Defaults to 0: no progress.
func PartialImages(n int) Option { return func(o *options) { o.partialImages = n } }

// MaxMessageBytes limits the text of one message. A longer one is cut there, the model is stopped and the
// run ends with [ReasonLength]. Defaults to 4 MiB.
func MaxMessageBytes(n int) Option { return func(o *options) { o.maxMessage = n } }

// ImageURL stores an image and returns the URL under which the browser finds it. Without it the image
// itself becomes a data URL, two megabytes in every page of the thread's history.
func ImageURL(f func(ctx context.Context, img Image) (string, error)) Option {
	return func(o *options) { o.imageURL = f }
}

// An Image is a generated image, or a preview of one.
type Image struct {
	ID      string // the upstream's id, the same for an image and its previews; may be empty
	Base64  string // standard base64
	Format  string // "png", "jpeg", "webp" or "" for png
	Preview int    // number of the preview, from 0; -1 for the image itself
}

// Citations replaces [Annotate] as the way from a model's citation to an annotation. Nil drops a
// citation. f must not use the turn or the bridge.
func Citations(f func(Citation) *chatkit.Annotation) Option {
	return func(o *options) { o.annotate = f }
}

// Failures chooses what the user is told about an error, instead of [Describe].
func Failures(f func(error) *Failure) Option { return func(o *options) { o.describe = f } }

// Endings words the notice with which a run ends that hit a limit or a filter, [ReasonLength] or
// [ReasonContentFilter], in Markdown. Empty shows none. Defaults to English sentences.
func Endings(f func(Reason) string) Option { return func(o *options) { o.ending = f } }

// Coalesce joins text deltas that come within d of each other, up to 1 kB, for models that send single
// characters at full speed. It never joins across parts. 16 ms is one frame of a screen. Defaults to 0: every
// delta is sent as it comes.
func Coalesce(d time.Duration) Option {
	return func(o *options) { o.coalesce, o.coalesceBytes = d, 1<<10 }
}
