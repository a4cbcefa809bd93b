/** Whether a page is answered well. */

export async function answers(page: URL, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(page, { signal });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
