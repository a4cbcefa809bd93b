/** Who names whom: nothing may be written that names what is not there, nor deleted while it is named. */
import { AdminError } from './admin-error.ts';
import type { Storage, Value } from './stored.ts';

/** By the field that names it: the folder in which the named object stands. */
const folderOf: Readonly<Record<string, string>> = {
  upstream_id: 'upstreams',
  service_id: 'services',
  plugin_config_id: 'plugin_configs',
};
const fields = Object.entries(folderOf);
/** Folders whose objects name others. */
const naming = ['routes', 'services'];

/** Rejects with 400 when the value names an object that does not exist. */
export async function requireNamed(value: Value, prefix: string, storage: Storage): Promise<void> {
  for (const [field, folder] of fields) {
    const id = value[field];
    if (typeof id !== 'string' && typeof id !== 'number') continue;
    if ((await storage.get(`${prefix}/${folder}/${id}`)) === undefined) {
      throw new AdminError(400, `failed to fetch ${folder} by ${field} [${id}]: there is none`);
    }
  }
}

/** Rejects with 400 while an object names this one. */
export async function requireUnnamed(folder: string, id: string, prefix: string, storage: Storage): Promise<void> {
  const field = fields.find(([, named]) => named === folder)?.[0];
  if (field === undefined) return;
  for (const from of naming) {
    const user = (await storage.list(`${prefix}/${from}/`)).find(({ value }) => String(value[field]) === id);
    if (user === undefined) continue;
    const name = user.key.slice(`${prefix}/${from}/`.length);
    const [what, by] = [folder.slice(0, -1), from.slice(0, -1)];
    throw new AdminError(400, `can not delete this ${what}, ${by} [${name}] is still using it now`);
  }
}
