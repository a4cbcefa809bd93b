#!/bin/sh
# The demonstration: a build that silently loses configuration must come out as a REGRESSION.
set -u
cd "$(dirname "$0")/.."
regression=1

./gatecrash canary --stable reference@. --canary reference@.+watch-advance-on-timeout --scenario watch-silent-death
code=$?
if [ "$code" -eq "$regression" ]; then
  printf '\nThis is the verdict that was expected: the canary carries the bug of apache/apisix#13067.\n'
  exit 0
fi
printf '\nExpected REGRESSION (exit 1), got exit %s.\n' "$code" >&2
[ "$code" -eq 0 ] && exit 1
exit "$code"
