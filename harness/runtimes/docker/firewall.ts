/** The firewall of a pod's network, which is the trial's own: its rules end with the pod, however the harness ends. */
import type { Firewall } from '../../model/network.ts';
import type { Pod } from './pod.ts';

/** Not every kernel has both of them. */
const tools = 'iptables iptables-legacy';

/** `run`: has the shell of the pod run a script, and resolves with what that printed. */
export function podFirewall(run: Pod['run']): Firewall {
  return {
    async refuse(ports, mark) {
      const rules = ports.flatMap((port) => [`--dport ${port}`, `--sport ${port}`]);
      const add = 'add() { iptables -w -I "$@" 2>/dev/null || iptables-legacy -w -I "$@"; }';
      // Not of the resets themselves: within the pod they come in by the rule for what comes from there, and whoever connects
      // would wait for nothing.
      const lines = rules.map(
        (rule) =>
          `add INPUT -p tcp ${rule} ! --tcp-flags RST RST -m comment --comment ${mark} -j REJECT --reject-with tcp-reset`,
      );
      await run(['set -e', add, ...lines].join('\n'));
    },
    async open(mark, signal) {
      const rules = `$t -w -S INPUT 2>/dev/null | grep -F ${mark} | sed 's/^-A/-D/'`;
      await run(`for t in ${tools}; do ${rules} | while read -r rule; do eval "$t -w $rule"; done; done; true`, signal);
    },
    async standing(mark, signal) {
      const all = await run(`for t in ${tools}; do $t -w -S INPUT 2>/dev/null; done | grep -F ${mark}; true`, signal);
      const ports = [...all.matchAll(/--([ds])port (\d+)/g)].map(
        ([, side, port]) => `REJECT ${side === 'd' ? 'to' : 'from'} port ${port}`,
      );
      return [...new Set(ports)];
    },
  };
}
