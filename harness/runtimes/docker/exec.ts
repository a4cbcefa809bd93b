/** A command within a container that runs. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Container, type Engine, asked } from '../../containers/engine.ts';
import { HarnessError } from '../../model/errors.ts';

/**
 * `what`: how it is called in errors. Resolves with what it printed; rejects with ENGINE_FAILED when it fails, or when the signal
 * aborts first: the command may go on then.
 */
export async function runIn(
  { docker }: Engine,
  container: Container,
  what: string,
  command: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const limit = signal === undefined ? {} : { abortSignal: signal };
  const settings = { Cmd: [...command], AttachStdout: true, AttachStderr: true, ...limit };
  const exec = await asked(what, container.exec(settings));
  const stream = await asked(what, exec.start({ stdin: true, Detach: false, Tty: false, ...limit }));
  const [out, err] = [collect(), collect()];
  docker.modem.demuxStream(stream, out.stream, err.stream);
  try {
    await asked(what, once(stream, 'end', { signal }));
    out.stream.end();
    err.stream.end();
    await Promise.all([finished(out.stream), finished(err.stream)]);
  } finally {
    stream.destroy();
  }
  const { ExitCode: code } = await asked(what, exec.inspect(limit));
  if (code === 0) return out.text();
  throw new HarnessError('ENGINE_FAILED', `could not ${what}: it ended with code ${code}: ${err.text().trim()}`);
}

function collect(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (piece) => (text += String(piece)));
  return { stream, text: () => text };
}
