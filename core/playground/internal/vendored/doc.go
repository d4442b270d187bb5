// Package vendored makes web/vendor.js, the one file of the playground that holds other people's code: preact, htm
// and streaming-markdown, of the versions in package-lock.json. It is Go in name only, so that go generate finds it;
// run go generate in core/playground afterwards.
package vendored

//go:generate npm ci --ignore-scripts --silent
//go:generate npm run --silent build
