/** The answer, unless it takes longer than `ms` milliseconds; then it rejects and says who did not answer. */
export async function within<Answer>(answer: Promise<Answer>, ms: number, who: string): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${who} did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
