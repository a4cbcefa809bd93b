/** One-click blocking: traffic that is refused before anything else looks at it. */
import type { Block, ConfigChange } from '../config/config-objects.ts';
import { matchedPath } from './request-path.ts';
import type { MatchRequest } from './router.ts';

export class Blocks {
  readonly #blocks = new Map<string, Block>();

  apply(changes: readonly ConfigChange[]): void {
    for (const change of changes) {
      if (change.kind !== 'block') continue;
      if (change.op === 'put') this.#blocks.set(change.id, change.value);
      else this.#blocks.delete(change.id);
    }
  }

  /** Whether a block stops the request. */
  stops(request: MatchRequest): boolean {
    if (this.#blocks.size === 0) return false;
    // A path that cannot be read is matched as it stands: an escape must not be a way around a block.
    const path = matchedPath(request.path) ?? request.path;
    const host = request.variable('host') ?? '';
    for (const block of this.#blocks.values()) if (covers(block, host, path, request)) return true;
    return false;
  }
}

function covers({ host, uri, condition }: Block, name: string, path: string, request: MatchRequest): boolean {
  const onHost = host === undefined || (host.startsWith('*') ? name.endsWith(host.slice(1)) : name === host);
  const onPath = uri === undefined || (uri.endsWith('*') ? path.startsWith(uri.slice(0, -1)) : path === uri);
  return onHost && onPath && (condition === undefined || condition(request));
}
