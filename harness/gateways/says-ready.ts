/** Asks a page of a product once: it would serve when the page is answered well. */
import type { Gateway } from '../model/ports.ts';

export function saysReady(page: URL | string, headers: Readonly<Record<string, string>> = {}): Gateway['ready'] {
  return async (signal) => {
    try {
      const answer = await fetch(page, { headers, signal });
      await answer.arrayBuffer();
      return answer.ok;
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    }
  };
}
