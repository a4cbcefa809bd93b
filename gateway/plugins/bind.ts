/** From the `plugins` of a configuration object to hooks in their order. */
import type { SchemaObject } from 'ajv';
import { BadItem } from '../config/bad-item.ts';
import { check } from '../config/parse.ts';
import { refuseReferences } from '../config/secret-references.ts';
import { plugins } from './index.ts';
import type { BoundPlugin } from './plugin.ts';

const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));

/** The names are checked here rather than in the schema, so that the reason names the plugin. */
export const pluginsSchema: SchemaObject = {
  // As Lua writes an empty table.
  anyOf: [
    { type: 'object', additionalProperties: { type: 'object' } },
    { type: 'array', maxItems: 0 },
  ],
};

const metaSchema: SchemaObject = {
  type: 'object',
  properties: { disable: { type: 'boolean' }, priority: { type: 'integer' } },
  additionalProperties: false,
};

interface Meta {
  readonly disable?: boolean;
  readonly priority?: number;
}

/**
 * Throws BadItem, also for a plugin that is not known: without it, a request that it was meant to stop would pass.
 * `owner` is the object that holds them, such as `routes/5`.
 */
export function bindPlugins(raw: Readonly<Record<string, object>> | undefined, owner: string): readonly BoundPlugin[] {
  return Object.entries(raw ?? {})
    .flatMap(([name, value]) => bound(name, value, owner))
    .toSorted(byPriority);
}

/** Those of the first lists hide those of the same name in the later ones. */
export function mergePlugins(...lists: readonly (readonly BoundPlugin[])[]): readonly BoundPlugin[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length <= 1) return filled[0] ?? [];
  const merged = new Map<string, BoundPlugin>();
  for (const plugin of filled.flat()) if (!merged.has(plugin.name)) merged.set(plugin.name, plugin);
  return [...merged.values()].toSorted(byPriority);
}

function byPriority(a: BoundPlugin, b: BoundPlugin): number {
  return b.priority - a.priority || (a.name < b.name ? -1 : 1);
}

function bound(name: string, value: object, owner: string): readonly BoundPlugin[] {
  const plugin = byName.get(name);
  if (plugin === undefined) throw new BadItem(`/plugins: unknown plugin "${name}"`);
  const { _meta: meta, ...conf } = value as { readonly _meta?: Meta };
  const at = `/plugins/${name}`;
  if (meta !== undefined) check(meta, metaSchema, `${at}/_meta`);
  check(conf, plugin.schema, at);
  refuseReferences(conf, at);
  if (meta?.disable === true) return [];
  return [{ name, priority: meta?.priority ?? plugin.priority, hooks: hooksOf(plugin, conf, owner) }];
}

function hooksOf(plugin: (typeof plugins)[number], conf: object, owner: string): BoundPlugin['hooks'] {
  try {
    return plugin.bind(conf as never, owner);
  } catch (error) {
    if (error instanceof BadItem) {
      const { message } = error;
      throw new BadItem(`/plugins/${plugin.name}${message.startsWith('/') ? '' : ': '}${message}`);
    }
    throw error;
  }
}
