package main

import (
	"cmp"
	"os"
	"time"

	"github.com/gochatkit/chatkit/core/agent"
	"github.com/gochatkit/chatkit/core/agent/oaiwire"
)

// chooseModel returns who answers: a model if there is a key or an address for one, the scripted clerk otherwise.
// Who says so in a few words.
func chooseModel(pause time.Duration) (model agent.Model, who string) {
	key, base := os.Getenv("OPENAI_API_KEY"), os.Getenv("OPENAI_BASE_URL")
	if key == "" && base == "" {
		return &clerk{pause: pause, now: time.Now}, "a scripted clerk, for want of OPENAI_API_KEY or OPENAI_BASE_URL"
	}
	name := cmp.Or(os.Getenv("OPENAI_MODEL"), "gpt-5-mini")
	return (&oaiwire.Client{BaseURL: base, Key: key}).ResponsesModel(name), name
}
