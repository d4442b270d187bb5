package main

import (
	"net/http"

	"github.com/gochatkit/chatkit/core/playground"
)

// page serves the playground. Links to files begin with origin, so that is where the page has to be.
func page(origin string) http.Handler {
	p := playground.Handler(&playground.Options{
		Label:       "What a model gets of a file",
		Intro:       "Attach an image or a text, and send it.",
		Attachments: playground.TwoPhaseUpload,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "http://"+r.Host != origin {
			http.Redirect(w, r, origin+"/", http.StatusFound)
			return
		}
		p.ServeHTTP(w, r)
	})
}
