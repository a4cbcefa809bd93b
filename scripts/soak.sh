#!/bin/sh
# Every soak in turn, or the one that SOAK names. A soak is scripts/soak-<name>.ts; it prints what it did and fails by its exit code.
soaks='watch-proxy plans bad-days'
failed=0
for name in ${SOAK:-$soaks}; do
  echo "soak: $name"
  node "scripts/soak-$name.ts" || failed=1
done
exit $failed
