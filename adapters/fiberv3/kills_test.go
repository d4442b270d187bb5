package fiberv3chatkit_test

import (
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestKills(t *testing.T) {
	adaptertest.RunKills(t, adaptertest.Factory{Family: adaptertest.FastHTTP, Start: start})
}
