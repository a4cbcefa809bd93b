/** The ways of writing release notes that are known: an explicit list, the most particular first. */
import type { ChangelogFile } from '../../model/changelog.ts';
import { apisix } from './apisix.ts';
import { conventionalCommits } from './conventional-commits.ts';
import type { Dialect } from './dialect.ts';
import { envoyYaml } from './envoy-yaml.ts';
import { etcd } from './etcd.ts';
import { generic } from './generic.ts';
import { githubRelease } from './github-release.ts';
import { keepAChangelog } from './keep-a-changelog.ts';
import { kongMarkdown } from './kong-markdown.ts';
import { kongYaml } from './kong-yaml.ts';
import { nginxText } from './nginx-text.ts';
import { nginxXml } from './nginx-xml.ts';
import { traefik } from './traefik.ts';

export const dialects: readonly Dialect[] = [
  nginxXml,
  nginxText,
  envoyYaml,
  kongYaml,
  apisix,
  traefik,
  etcd,
  kongMarkdown,
  keepAChangelog,
  githubRelease,
  conventionalCommits,
  generic,
];

/** How much of a file is looked at to tell its dialect. Characters. */
const beginning = 65_536;

export function dialectOf({ name, text }: ChangelogFile): Dialect | undefined {
  const start = { name, text: text.slice(0, beginning) };
  return dialects.find((dialect) => dialect.recognises(start));
}
