#!/bin/sh
# Makes vendor.js of the pinned packages and compares it, byte for byte, to the one that is committed.
set -eu
cd "$(dirname "$0")"

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT INT TERM
npm ci --ignore-scripts --silent
node build.js "$made"
for file in vendor.js vendor.licenses.txt; do
	if ! cmp "$made/$file" "../../web/$file"; then
		echo "vendored: $file is not what the lock file says; run go generate ./core/playground/internal/vendored ./core/playground" >&2
		exit 1
	fi
done
echo "vendored: ok"
