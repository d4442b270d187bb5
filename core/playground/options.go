package playground

import "encoding/json"

// Options are what the page is told. The zero value works.
type Options struct {
	// ChatKitURL is the path of the ChatKit route, on the page's own origin: the page's policy allows no
	// other. Defaults to "/chatkit".
	ChatKitURL string
	// Title names the page: above the list of conversations and in the browser's tab. Defaults to "ChatKit playground".
	Title string
	// Home is the address that a click on the title leads to. Defaults to none: the title is no link.
	Home string
	// Label says in a few words who answers. Defaults to "Go server".
	Label string
	// Intro is the sentence above an empty conversation, below a heading that asks what it shall be about; so it
	// tells and does not ask. Defaults to an invitation.
	Intro string
	// Suggestions are messages to begin with, one click each. Defaults to none.
	Suggestions []Suggestion

	// Models are what the composer offers as inference_options.model. The first is what a user begins with.
	// Defaults to none: the composer offers no choice.
	Models []Choice
	// Tools are what the composer offers as inference_options.tool_choice. A user begins with none of them.
	// Defaults to none: the composer offers no choice.
	Tools []Choice
	// Tags are what the composer offers after an @. Defaults to none: an @ is a letter like any other.
	Tags []Tag

	// Attachments says how files reach the server. Defaults to NoAttachments.
	Attachments Attachments
	// UploadOrigins are the other origins that TwoPhaseUpload may send files to, such as
	// "https://bucket.s3.eu-central-1.amazonaws.com": the page's policy has to name them. Defaults to none, the page's own.
	UploadOrigins []string
	// UploadURL is where DirectUpload posts files, on the page's own origin. No other kind looks at it.
	UploadURL string

	// ImageOrigins are the other origins that pictures in answers, widgets and attachments may come from, such as
	// "https://cdn.example.com". Nil allows every address with https, without a click: whoever can write into an answer,
	// be it through a web page that the model has read, can then make the browser send words of the conversation away in
	// the address of a picture. A list that is empty but not nil allows none. The page's own origin and pictures that are
	// in the data itself are always allowed. Defaults to nil.
	ImageOrigins []string

	// Official also serves a page that shows OpenAI's own ChatKit.js against the same route, under the same inspector, at
	// "official" next to the page, and links to it. That page loads a script from https://cdn.platform.openai.com which
	// runs on your own origin, with its cookies, and its security policy is looser to let it: inline styles, frames of that
	// address, no trusted types. Defaults to false: the path is 404 and there is no link.
	Official bool

	// AllowedHosts are the host names, without a port, under which the page may be opened besides localhost and
	// the loopback addresses. A site that points a name of its own at this machine cannot read the page
	// through it, as long as that name is not one of these. "*" allows all. Defaults to none.
	AllowedHosts []string
}

// A Suggestion is a message that one click sends.
type Suggestion struct {
	Icon  string `json:"icon,omitempty"` // one of the protocol's icon names; empty is a dot
	Title string `json:"title"`          // what is offered, in a word or two
	Text  string `json:"text"`           // the message
}

// A Choice is an entry of one of the composer's lists.
type Choice struct {
	ID    string `json:"id"`    // what the server gets
	Label string `json:"label"` // what the user sees. Defaults to the ID.
}

// A Tag is an entity that a message may name after an @. It reaches the server as an input_tag.
type Tag struct {
	ID    string          `json:"id"`              // the application's own name for it
	Title string          `json:"title"`           // what the user types and sees
	Group string          `json:"group,omitempty"` // a heading for tags that belong together; may be empty
	Data  json.RawMessage `json:"data,omitempty"`  // a JSON object that travels along; nil is {}
}

// Attachments is a way for files to reach the server.
type Attachments string

// The ways for files to reach the server.
const (
	NoAttachments  Attachments = ""          // the composer takes no files
	TwoPhaseUpload Attachments = "two_phase" // attachments.create names where the bytes go
	DirectUpload   Attachments = "direct"    // one POST to Options.UploadURL, which answers with the attachment
)
