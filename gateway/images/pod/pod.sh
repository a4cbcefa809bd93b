#!/bin/sh
# What is published arrives at eth0; what it is meant for listens at 127.0.0.1 (with route_localnet, which the pod is given).
set -eu
lead() { "$1" -w -t nat -A PREROUTING -i eth0 -j DNAT --to-destination 127.0.0.1; }
# Not every kernel has both of them.
lead iptables || lead iptables-legacy
echo ready
# The harness holds the other end of stdin: when it is gone, so is the pod.
exec cat >/dev/null
