#!/bin/sh
# Runs the browser tests against servers that it builds itself. It needs Go and Node; Chromium and
# the npm packages are installed if they are missing. Arguments go to node --test. CHROMIUM names
# another browser, SCREENSHOTS a folder to keep the pictures in, CHATKIT_FIXTURES and CHATKIT_VECTORS the
# recordings to play.
set -eu
cd "$(dirname "$0")"

chromium=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$chromium" ]; then
	if [ "$(id -u)" != 0 ]; then
		echo "browser tests: no Chromium at $chromium; install it, or set CHROMIUM" >&2
		exit 1
	fi
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
export CHROMIUM="$chromium"

# npm ls fails if a package is missing or has another version than the lock file says.
if ! npm ls --omit=optional >/dev/null 2>&1; then
	npm ci --omit=optional --no-fund --no-audit --loglevel=error
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
go -C ../.. build -o "$work/quickstart" ./examples/quickstart
go -C ../.. build -o "$work/interruptions" ./e2e/server
go -C ../.. build -o "$work/attachments" ./examples/attachments
go -C ../.. build -o "$work/support-desk" ./examples/support-desk
export QUICKSTART="$work/quickstart" INTERRUPTIONS="$work/interruptions" ATTACHMENTS="$work/attachments" SUPPORT_DESK="$work/support-desk"

# Not exec: the folder has to go afterwards. Each test file starts its own server on a free port.
node --test --test-reporter=spec --test-concurrency=2 "$@"
