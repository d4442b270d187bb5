package echov5chatkit_test

import (
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/adaptertest"
)

func TestLatency(t *testing.T) {
	adaptertest.RunLatency(t, adaptertest.Factory{Family: adaptertest.NetHTTP, Start: start})
}
