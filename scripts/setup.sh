#!/bin/sh
# Makes a fresh clone ready. Quick when everything is there; writes nowhere but .tools/ and node_modules/.
set -eu
cd "$(dirname "$0")/.."
say() { printf '%s\n' "setup: $*" >&2; }

# One pin, read from where the program itself reads it.
wanted=$(sed -n "s/.*node: { version: '\([0-9.]*\)'.*/\1/p" harness/tools/pins.ts)
good='const [a, b] = process.versions.node.split("."); process.exit(a > 24 || (a == 24 && b >= 12) ? 0 : 1)'
command -v npm >/dev/null || { say "npm is missing; install Node with npm (Debian: apt-get install nodejs npm)"; exit 4; }

pinned=.tools/node/node_modules/node/bin/node
if ! node -e "$good" 2>/dev/null && ! { [ -x "$pinned" ] && "$pinned" -e "$good" 2>/dev/null; }; then
  say "Node >= 24.12 is missing here; fetching $wanted into .tools/node"
  npm install --prefix .tools/node --no-save --no-audit --no-fund --loglevel=error "node@$wanted" >&2 || true
  [ -x "$pinned" ] && "$pinned" -e "$good" || { say "no Node $wanted that runs could be fetched; install Node >= 24.12 yourself and run make setup again"; exit 4; }
fi
[ -x "$pinned" ] && PATH="$PWD/.tools/node/node_modules/node/bin:$PATH" && export PATH

stamp=node_modules/.gatecrash-lock
lock=$(cksum <package-lock.json)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$lock" ]; then
  say "installing npm packages"
  # No package needs its install script: those of testcontainers' ssh client would compile what it does without.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || {
    say "npm ci failed, see above; when the npm registry can be reached (npm ping), run make setup again"
    exit 4
  }
  printf '%s' "$lock" >"$stamp"
fi

node harness/commands/setup.ts >&2
