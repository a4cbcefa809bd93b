/** Kong since 3.5: a YAML file for each change, `{message, type, scope}`, in a folder that names the version. */
import type { VersionNotes } from '../../model/changelog.ts';
import { entryOf } from '../entry-text.ts';
import { unreleased } from '../versions.ts';
import { type Dialect, unreadable, versionOfPath } from './dialect.ts';
import { yamlMapping } from './yaml.ts';

export const kongYaml: Dialect = {
  name: 'kong-yaml',
  recognises: ({ name, text }) => /\.ya?ml$/i.test(name) && /^message:/m.test(text) && /^type:/m.test(text),
  parse(file): readonly VersionNotes[] {
    const { message, type, scope } = yamlMapping(file);
    if (typeof message !== 'string' || typeof type !== 'string')
      throw unreadable(file, 1, 'a change has a message and a type, both words');
    const version = versionOfPath(file.name) ?? unreleased;
    const section = [type.replaceAll('_', ' '), ...(typeof scope === 'string' ? [scope] : [])].join(' / ');
    const raw = message.replaceAll(/\s+/g, ' ').trim();
    const entry = entryOf({ version, section, raw, file: file.name, line: 1 });
    // The pull request is in the name of the file at best, so the name tells changes apart.
    const id = entry.prs.length > 0 ? entry.id : `${version}/${file.name.split(/[/\\]/).at(-1) ?? ''}`;
    return [{ version, file: file.name, line: 1, state: 'listed', entries: [{ ...entry, id }], bullets: 1 }];
  },
};
