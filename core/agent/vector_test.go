package agent_test

import (
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/vectortest"
)

const vectors = "../testdata/vectors"

func TestBridgeAnswersTheGoldenVectors(t *testing.T) {
	outcomes, err := vectortest.Bridge(t.Context(), vectortest.Dir(vectors))
	if err != nil {
		t.Fatal(err)
	}
	vectortest.Report(t, outcomes)
}

func TestConverterAnswersTheGoldenVectors(t *testing.T) {
	outcomes, err := vectortest.Convert(t.Context(), vectortest.Dir(vectors))
	if err != nil {
		t.Fatal(err)
	}
	vectortest.Report(t, outcomes)
}
