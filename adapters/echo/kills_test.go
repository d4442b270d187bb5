package echochatkit_test

import (
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestKills(t *testing.T) {
	adaptertest.RunKills(t, adaptertest.Factory{Family: adaptertest.NetHTTP, Start: start})
}
