/** Envoy: one YAML file for a version, its sections lists of `{area, change}`; the file's name is the version. */
import type { ChangelogFile, Entry, VersionNotes } from '../../model/changelog.ts';
import { entryOf } from '../entry-text.ts';
import { unreleased } from '../versions.ts';
import { type Dialect, versionOfPath } from './dialect.ts';
import { yamlMapping } from './yaml.ts';

const sections =
  /^(?:behavior_changes|minor_behavior_changes|bug_fixes|removed_config_or_runtime|new_features|deprecated):/m;

export const envoyYaml: Dialect = {
  name: 'envoy-yaml',
  recognises: ({ name, text }) => /\.ya?ml$/i.test(name) && sections.test(text),
  parse(file): readonly VersionNotes[] {
    const version = versionOfPath(file.name) ?? unreleased;
    const lists = Object.entries(yamlMapping(file)).filter(([, list]) => Array.isArray(list));
    let number = 0;
    const entries = lists.flatMap(([section, list]) =>
      (list as readonly unknown[]).flatMap((item) => entryOfItem(file, version, section, item, (number += 1))),
    );
    const state = entries.length > 0 ? 'listed' : 'empty';
    return [{ version, file: file.name, line: 1, state, entries, bullets: number }];
  },
};

function entryOfItem(
  file: ChangelogFile,
  version: string,
  section: string,
  item: unknown,
  number: number,
): readonly Entry[] {
  const { area, change } = (item ?? {}) as { readonly area?: unknown; readonly change?: unknown };
  if (typeof change !== 'string') return [];
  const tags = typeof area === 'string' ? [area.toLowerCase()] : [];
  const raw = change.replaceAll(/\s+/g, ' ').trim();
  const entry = entryOf({ version, section: section.replaceAll('_', ' '), raw, tags, file: file.name, line: 1 });
  return [{ ...entry, id: `${version}/${section}/${number}` }];
}
