/** Bounds how many tasks run at once; the others wait in the order in which they came. */

export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

export function limitTo(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place is handed on, so that nobody who comes now takes it before those who wait.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
