package fiberv3chatkit_test

import (
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestLatency(t *testing.T) {
	adaptertest.RunLatency(t, adaptertest.Factory{Family: adaptertest.FastHTTP, Start: start})
}
