//go:build race

package widget_test

const raceEnabled = true
