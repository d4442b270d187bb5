#!/usr/bin/env bash
# Runs the 48 behaviours of core/chatkittest/adaptertest against every adapter, each in its own module graph,
# and ends with the sum. A behaviour that does not apply to a framework is printed and not counted.
set -u
cd "$(dirname "$0")"

passed=0 failed=0
suite() { # what it is called, its folder, and flags for go test
	local name=$1 dir=$2 out
	shift 2
	out=$(cd "$dir" && GOWORK=off go test "$@" -count=1 -v -run '^TestConformance$' . 2>&1)
	local status=$?
	local p f s
	p=$(grep -c '^    --- PASS: TestConformance/[0-9]' <<<"$out")
	f=$(grep -c '^    --- FAIL: TestConformance/[0-9]' <<<"$out")
	s=$(grep -c '^    --- SKIP: TestConformance/[0-9]' <<<"$out")
	if ((p + f == 0 || status != 0 && f == 0)); then
		f=$((f + 1)) # it did not build, or broke off
		tail -40 <<<"$out"
	elif ((f > 0)); then
		grep -v -e '^=== ' -e '--- PASS' <<<"$out"
	fi
	echo "$name: $p passed, $f failed, $s not applicable$(grep -o 'does not apply: .*' <<<"$out" | sed 's/does not apply: /; /' | sort -u | tr -d '\n')"
	passed=$((passed + p)) failed=$((failed + f))
}

suite nethttp nethttp
suite gin gin
suite echo echo
suite echov5 echov5
suite fasthttp fasthttp
suite "fasthttp, newer" fasthttp -modfile=testdata/push.mod
suite fiber fiber
suite fiberv3 fiberv3

echo "adapters: $passed passed, $failed failed"
((failed == 0))
