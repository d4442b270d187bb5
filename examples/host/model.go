package host

import (
	"cmp"
	"os"

	"github.com/gochatkit/chatkit/core/agent/agenttest"
)

// A Model is where an example's model is.
type Model struct {
	BaseURL string // ends before "/responses" and "/chat/completions"
	Key     string // never empty, for clients that insist on one
	Name    string // what the provider calls the model
	Who     string // who answers, in a few words
}

// FromEnv reads OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL, which defaults to name. Without a key and
// without a base URL, a scripted model inside this program answers, on the loopback, and Who says so. It
// repeats what it is told; the words markdown, think, refuse and tool make it do what they say.
func FromEnv(name string) Model {
	m := Model{
		BaseURL: cmp.Or(os.Getenv("OPENAI_BASE_URL"), "https://api.openai.com/v1"),
		Key:     cmp.Or(os.Getenv("OPENAI_API_KEY"), "none"),
		Name:    cmp.Or(os.Getenv("OPENAI_MODEL"), name),
	}
	m.Who = m.Name
	if os.Getenv("OPENAI_API_KEY") == "" && os.Getenv("OPENAI_BASE_URL") == "" {
		m.BaseURL = agenttest.NewServer().BaseURL() // it ends with the program
		m.Name, m.Who = "scripted", "a scripted model, for want of OPENAI_API_KEY or OPENAI_BASE_URL"
	}
	return m
}
