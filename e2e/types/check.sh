#!/usr/bin/env bash
# Holds the widgets that Go makes, every member with every value it may have, against the type declarations of
# the browser client, in both directions, and prints what the declarations lack. Fails if that is not what
# lacks.txt says: then either side has changed.
#
#   ./check.sh           with the versions that package.json pins
#   ./check.sh latest    with the newest declarations
#
# Needs Go, node and npm. npm installs into node_modules here.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --silent --no-audit --no-fund >/dev/null
modules=$PWD/node_modules
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if [[ ${1:-} == latest ]]; then
	npm install --silent --no-audit --no-fund --prefix "$tmp/newest" @openai/chatkit@latest >/dev/null
	mkdir "$tmp/node_modules"
	ln -s "$tmp/newest/node_modules/@openai" "$tmp/node_modules/@openai"
else
	ln -s "$modules" "$tmp/node_modules"
fi
cp tsconfig.json "$tmp/"

(cd ../../core && go run ./widget/internal/tsfixture write "$tmp")
# The compiler fails where the two differ; the report judges that.
(cd "$tmp" && "$modules/.bin/tsc" --pretty false >out.txt) || true
lacks=$PWD/lacks.txt
(cd ../../core && go run ./widget/internal/tsfixture report "$tmp" "$lacks" <"$tmp/out.txt")
version=$(node -p "require('$tmp/node_modules/@openai/chatkit/package.json').version")
echo "types: @openai/chatkit $version lacks what lacks.txt lists and nothing else"
