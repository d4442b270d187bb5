package pitfalls

import (
	"testing"

	"github.com/gochatkit/chatkit/core/chatkittest/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }
