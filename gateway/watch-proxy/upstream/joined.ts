/** Calls that come while one is under way share the next one: its answer is no older than any of them. */
export function joined<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<unknown> | undefined;
  let next: Promise<Answer> | undefined;
  const start = (): Promise<Answer> => {
    const asked = ask();
    running = asked.catch(() => undefined).then(() => (running = undefined));
    return asked;
  };
  return () => {
    if (running === undefined) return start();
    next ??= running.then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}
