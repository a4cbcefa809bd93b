import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../harness/changelog/entry-text.ts';
import { label } from '../../../harness/changelog/labels/label.ts';
import type { LabelledEntry } from '../../../harness/model/changelog.ts';
import { evaluated, type GoldLine } from '../../../scripts/changelog-gold.ts';

const gold = JSON.parse(readFileSync(path.join(import.meta.dirname, 'gold.json'), 'utf8')) as {
  readonly entries: readonly (GoldLine & { readonly set: string })[];
};

function labelled(raw: string, section = ''): LabelledEntry {
  return label(entryOf({ version: '1.0.0', section, raw, file: 'CHANGELOG.md', line: 1 }));
}

describe('lines that a person labelled', () => {
  // Each set was labelled before the rules were first run on it; docs/CHANGELOG-CHECK.md says what they got then.
  it.each(['tuning', 'held-out', 'second', 'third'])('of the set %s get the same labels, almost always', (set) => {
    const { type, area, recall, precision, misses } = evaluated(gold.entries.filter((line) => line.set === set));
    process.stdout.write(`${set}: type ${type.hits}/${type.of}, area ${area.hits}/${area.of}, breaking ${recall.hits}/${recall.of} found, ${precision.hits}/${precision.of} right\n`); // prettier-ignore
    expect(type.hits / type.of, misses.join('\n')).toBeGreaterThanOrEqual(0.9);
    expect(area.hits / area.of, misses.join('\n')).toBeGreaterThanOrEqual(0.85);
    expect(recall.hits, misses.join('\n')).toBe(recall.of);
    expect(precision.hits / precision.of, misses.join('\n')).toBeGreaterThanOrEqual(0.8);
  });
});

describe('every label', () => {
  it('has a reason that quotes what gave it', () => {
    const { type, areas, breaking } = labelled(':warning: fix(etcd): refuse old revisions #1', 'Core');
    expect([type.value, areas[0].value, breaking.value]).toEqual(['fix', 'etcd-sync', 'marked']);
    expect(type.because).toContain('prefix: "fix"');
    expect(areas[0].because).toContain('scope: "etcd"');
    expect(breaking.because).toContain('mark: "warning"');
  });

  it('of a breaking change is not given to what is only written about one', () => {
    expect(labelled('docs: a note on the breaking change of 1.0').breaking.value).toBe('no');
    expect(labelled('feat: routes by name. Breaking change: see the guide').breaking.value).toBe('marked');
  });

  it('says when nothing in a line tells', () => {
    const { type, areas, breaking, claims } = labelled('Sundry');
    expect([type.because, areas[0].because]).toEqual([
      'nothing says what kind of change it is',
      'no word names a part of a gateway',
    ]);
    expect([breaking.value, claims]).toEqual(['no', []]);
  });
});

describe('a line that nobody marked', () => {
  // Each is a kind of wording; [section, line].
  it.each([
    ['Bugfixes', 'ports above 65535 should not be allowed'],
    ['Bug fixes', 'Disable 0-RTT'],
    ['Bug fixes', 'Remove cookie auto-detection'],
    ['Bug fixes', 'Change the unit of the stall metric from seconds to milliseconds'],
    ['Bug fixes', 'Use routeLabels instead of globalLabels'],
    ['Bug fixes', 'Encode semicolons of the query'],
    ['Bug fixes', 'respect denyCrossTenant in chains'],
    ['Bugfixes', 'fail loudly when the key is missing'],
    ['Bugfixes', 'Added a check that prevents a start with unknown filters'],
    ['Enhancements', 'Remove everything legacy'],
    ['Enhancements', 'Remove deprecated elements'],
    ['Enhancements', 'Add a limiter, rename maxCalls into callsInFlight'],
    ['Enhancements', 'add `allowed` and deprecate `whitelisted`'],
    ['Enhancements', 'Send logs to stdout instead of stderr'],
    ['Core', 'We only support the runtime 1.19 and above'],
    ['Core', 'The port of the control API changed to 9280'],
    ['Core', 'The `mode` field has been removed'],
    ['Core', 'The uid is another one. Please make sure to update it, or the gateway will not start'],
    ['Core', 'the default value of `watch_sync` has been bumped to `16m`'],
    ['Core', 'The resolution of `stall` is now in microseconds'],
    ['Change', 'empty lists are encoded as arrays'],
    ['Changed', 'Timers must run on control nodes'],
    ['Fixes', 'Fixed an issue where keys were mixed up. Keys longer than 64 bytes are now rejected'],
    ['Bug fixes', "Don't allow priorities above those of internal ones"],
    ['Bug fixes', 'Follow the new conventions for names of spans'],
    ['Enhancements', 'Make the behavior of prefixes that of the specification'],
    ['Core', 'move settings.yaml into a module'],
    ['Fixes', 'Sizes are now reported as numbers instead of text'],
    ['Core', 'Beta routes have been removed'],
    ['Core', 'Removed default memory limit of the pods'],
    ['Bug fixes', 'Removed the `x-sample` header, to avoid double answers'],
    ['Core', 'Names of clusters now derive from the route. Who refers to them must update the references'],
    ['Core', 'Tokens will now be renewed. To keep the previous behavior, set `renew` to false'],
    [
      'Core',
      'Nodes are off now. Refer to https://example.com/docs/nodes for more; existing settings of nodes will be read',
    ],
    ['', 'Bump the resource definitions to v2.0; they must be installed before upgrading'],
    ['Core', 'Validation of `mode` is now stricter'],
    ['Core', '`mode` can only be used with routes'],
    ['Core', 'Return 500 for routes with an unknown filter'],
    ['Core', 'Uses the JSON format for the log instead of the text format'],
    ['Core', 'This can break existing patches'],
    ['Core', 'An empty list selects the routes of its namespace. Previously it was all of them'],
    ['Core', 'Flatten the rewrite options'],
    ['Core', 'Refactor the node API to remove `spec`'],
    ['Core', 'Mark the mirror as deprecated'],
    ['Core', 'Moves images to another registry'],
    ['Fixes', 'Fix misspelled `retires` field of a route'],
    ['Core', 'Statistics are now in a new format'],
  ])('is suspected where it takes something away or answers otherwise: %s, %s', (section, line) => {
    expect(labelled(line, section).breaking.value).toBe('suspected');
  });

  it.each([
    ['Bug fixes', 'Remove the requirement of the same mail'],
    ['Bug fixes', 'Remove excessive log messages of a watch'],
    ['Bug fixes', 'stripPrefix with an empty rest'],
    ['Bug fixes', 'return an error instead of a panic'],
    ['Bug fixes', 'Change the error log level from WARN to DEBUG'],
    ['Bug fixes', 'Ignore missing header annotation'],
    ['Bugfixes', 'make the name optional and default to MQTT'],
    ['Bugfixes', 'fix: lists are not allowed to hold one item'],
    ['Bugfixes', 'fix: return 400 when the name is missing'],
    ['Bug fixes', 'Remove the sanitization of names between providers'],
    ['Bug fixes', 'Disable the look-up when wide scopes are disabled'],
    ['Bugfixes', 'disable features when the exporter is turned off'],
    ['Fixes', 'Fixed an issue where renamed parameters were rejected by default'],
    ['Fixes', 'the watch will no longer clobber its file'],
    ['Features', 'Add a `watchers` option, which defaults to `4`'],
    ['Features', 'The gateway API is no longer experimental'],
    ['Changed', 'Charts can now be given a class'],
    ['Change', 'allow a workflow without a case'],
    ['Plugins', 'limit-calls supports a cluster of redis'],
    ['Go', 'Require Go 1.23+'],
    ['Fixes', 'Fixed listeners not allowing routes of the same namespace'],
    ['Fixes', 'Fixed lists that were lost. Previously the last one was kept'],
    ['', 'Bump the resource definitions to v2.0'],
    ['Features', 'Names of nodes will now be found faster, and the gateway now supports more of them'],
    ['Core', 'Remove an unused header of the probe'],
    ['Core', '`set_route` must update the kept headers'],
    ['Plugins', 'remove secret-leaking debug endpoints'],
  ])('is not where it loosens, adds, repairs or tidies up: %s, %s', (section, line) => {
    const { value, because } = labelled(line, section).breaking;
    expect(value, because).toBe('no');
  });
});

describe('the area of a line', () => {
  it.each([
    ['', 'feat: forward the real address', 'other'],
    ['Bug fixes', '**[middleware]** Keep the order of `X-Sample` values', 'proxy-headers'],
    ['Bug fixes', '**[k8s/things]** Match a wildcard host before its parent', 'router'],
    ['Bug fixes', '**[k8s/things]** Ignore a nameless item', 'discovery-dns'],
    ['Bug fixes', '**[consul, docker, ecs, mesos, sticky-session]** Fix the name', 'upstream'],
    ['Bug fixes', '**[server]** Fix the readHeaderTimeout of a listener', 'lifecycle'],
    ['Plugins', 'Fix the size of a body in the quick-mask plugin', 'plugin'],
    ['Plugins', 'Add a label to the prometheus plugin', 'observability'],
    ['Bugfixes', 'fix(quick-mask): reload of its certificate', 'plugin'],
    ['Bugfixes', 'fix: a worker goes on with an old revision of etcd', 'etcd-sync'],
  ])('is that for which most speaks: %s, %s: %s', (section, line, area) => {
    const [{ value, because }] = labelled(line, section).areas;
    expect(value, because).toBe(area);
  });

  it('comes with all that speaks for it, and with the next ones', () => {
    const [first, second] = labelled('**[healthcheck]** Probe nodes again after a reload').areas;
    expect(first.because).toBe('tag: "healthcheck", text: "probe"');
    expect(second?.value).toBe('lifecycle');
  });
});

describe('the type of a line', () => {
  it.each([
    ['Plugins', 'Added workflow plugin', 'feature'],
    ['Plugins', 'the rewrite plugin supports bodies', 'feature'],
    ['Enhancements', 'Remove the old provider', 'change'],
    ['Enhancements', 'Update the tracing client', 'deps'],
    ['etcd server', 'Add checks to prevent a panic', 'fix'],
    ['', 'Document the range of ports', 'docs'],
    ['Bug fixes', 'Fix a typo in the default list of headers', 'fix'],
    ['Core', 'Lists by way of a seed', 'feature'],
    ['Bug fixes', 'Do not build a pool for each call', 'perf'],
    ['Bug fixes', 'Redact the printed settings', 'security'],
    ['Bug fixes', 'Update yonder v0.11.0', 'deps'],
    ['Enhancements', 'Use a constant of the other package', 'change'],
    ['Bugfixes', 'fix(deps): take a fixed yonder', 'deps'],
    ['Features', 'feat: lists of what attackers send', 'feature'],
    ['etcd server', 'server/main: fix a deadlock', 'fix'],
  ])('%s, %s: %s', (section, line, type) => {
    expect(labelled(line, section).type.value).toBe(type);
  });
});

describe('a claim', () => {
  it.each([
    [
      'perf(router): 30 % faster matching',
      [
        ['latency-p99', 'better', 0.7],
        ['write-visible-delay', 'better', 0.7],
      ],
    ],
    [
      'perf(router): look-ups are 4x faster',
      [
        ['latency-p99', 'better', 0.25],
        ['write-visible-delay', 'better', 0.25],
      ],
    ],
    ['feat(router): more exact matching, at up to 20 % higher latency', [['latency-p99', 'worse', 1.2]]],
    ['fix(etcd): follow the right revision', [['no-lost-update', 'better', undefined], ['converge', 'better', undefined], ['serve-last-good', 'better', undefined]]], // prettier-ignore
    ['refactor: no functional change in the router', [['latency-p99', 'same', undefined], ['error-share', 'same', undefined], ['write-visible-delay', 'same', undefined]]], // prettier-ignore
    ['fix(etcd): events lost after compaction', [['no-lost-update', 'better', undefined]]],
    ['fix(etcd): a worker never recovers from a reset', [['converge', 'better', undefined]]],
    ['fix(etcd): all routes are 404 after a reset', [['serve-last-good', 'better', undefined]]],
    ['feat(router): match by cookie', []],
    ['feat: check every request, at up to 20 % more CPU', [['cpu-per-request', 'worse', 1.2]]],
    ['fix: memory leak of a timer', [['rss-slope', 'better', undefined]]],
    ['perf(etcd): a full read less after each reset', [['etcd-bytes-per-change', 'better', undefined], ['latency-p99', 'better', undefined], ['write-visible-delay', 'better', undefined]]], // prettier-ignore
    ['perf(router): changes of large tables cost less CPU', [['cpu-per-request', 'better', undefined], ['stall-growth', 'better', undefined], ['latency-p99', 'better', undefined], ['write-visible-delay', 'better', undefined]]], // prettier-ignore
    ['Bump example.com/x/net to v2.51.0', []],
  ])('%s', (raw, claims) => {
    expect(labelled(raw).claims.map(({ subject, direction, size }) => [subject, direction, size])).toEqual(claims);
  });
});
