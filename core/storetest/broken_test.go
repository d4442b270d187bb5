package storetest

import "slices"

// breakage is a way to get a store wrong, and the checks that have to notice.
type breakage struct {
	name  string
	fails []string
	how   func(m *mutant)
}

var broken = slices.Concat(brokenThreads, brokenItems, brokenPages, brokenValues, brokenAttachments, brokenBatches)
