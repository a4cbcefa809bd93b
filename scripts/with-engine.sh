#!/bin/sh
# Runs a command with a Docker engine where one can be had: one that runs already, else an installed one, else, as root on
# Debian, Debian's own. Without one the command runs all the same, and the tests that need an engine say so by name.
# What was started here is ended here.
set -u
log=${TMPDIR:-/tmp}/gatecrash-dockerd.log
started=
say() { printf 'engine: %s\n' "$*" >&2; }

answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

end() {
  [ -n "$started" ] || return 0
  say "ending the dockerd that was started here ($started)"
  kill "$started" 2>/dev/null
  wait "$started" 2>/dev/null
  started=
}

# Of Debian: "$@". Installing must not start anything: what is started here is to be ended here.
install() {
  [ "$(id -u)" = 0 ] || { say "only root can install what is missing (Debian: apt-get install $*)"; return 1; }
  command -v apt-get >/dev/null || { say "there is no apt-get to install $* with"; return 1; }
  say "installing $*"
  policy=/usr/sbin/policy-rc.d
  own=
  if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && own=1; fi
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1
  code=$?
  [ -z "$own" ] || rm -f "$policy"
  [ "$code" -eq 0 ] || { say "apt-get failed; its last lines:"; tail -n 5 "$log" >&2; }
  return "$code"
}

# Without its port proxy a refused connection is seen as one (ARCHITECTURE.md, "A trial in containers").
start() {
  [ "$(id -u)" = 0 ] || { say "no engine answers, and only root can start one"; return 1; }
  dockerd --userland-proxy=false >"$log" 2>&1 &
  started=$!
  tries=0
  until answers; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ] || ! kill -0 "$started" 2>/dev/null; then
      say "dockerd does not start here; its last lines:"
      tail -n 8 "$log" >&2
      end
      return 1
    fi
    sleep 0.5
  done
  say "started dockerd $(docker version --format '{{.Server.Version}}') as process $started"
}

trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if answers; then
  say "the one that runs, $(docker version --format '{{.Server.Version}}')"
elif { command -v dockerd >/dev/null || install docker.io iptables; } && start; then
  :
else
  say "THERE IS NONE: whatever needs one is skipped, by name"
fi
# For a base image where no registry of images can be reached.
if answers && ! command -v mmdebstrap >/dev/null; then install mmdebstrap || say "no base image can be made here"; fi
"$@"
