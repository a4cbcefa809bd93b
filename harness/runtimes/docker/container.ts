/** One container from its creation to its end: what it prints goes into a file, and its stdin is held by the harness. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { constants } from 'node:os';
import { finished } from 'node:stream/promises';
import { type Container, type Engine, asked } from '../../containers/engine.ts';
import { removeContainer } from '../../containers/leftovers.ts';
import { type ErrorCode, HarnessError } from '../../model/errors.ts';

/** As the engine's API takes it. */
export type ContainerSettings = Parameters<Engine['docker']['createContainer']>[0];

export interface RunningContainer {
  readonly id: string;
  readonly container: Container;
  /** Of its first process, as the engine tells it. */
  readonly pid: number;
  /** Resolves with how it ended, once all that it printed is in the log; rejects with ENGINE_FAILED when the engine is lost. */
  readonly ended: Promise<string>;
}

/** What its end of the log may still take when a container has ended. Milliseconds. */
const drainedWithinMs = 2_000;
/** A container that was told to start and has failed has these words: the engine's or the kernel's. */
const cannotStart: Readonly<Record<number, ErrorCode>> = { 400: 'PROCESS_DIED', 404: 'PROCESS_DIED' };
const noImage = /no such image/i;
const portTaken = /port is already allocated|address already in use/;

/** `what`: how it is called in errors. `log`: path of its file, which is added to. */
export async function startContainer(
  engine: Engine,
  what: string,
  settings: ContainerSettings,
  log: string,
): Promise<RunningContainer> {
  const held = { OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const creation = engine.docker.createContainer({ ...settings, ...held, Tty: false });
  const container = await asked(`create ${what} from ${settings.Image}`, creation).catch((error: unknown) => {
    throw clearer(error, settings);
  });
  try {
    const printed = await attach(engine, what, container, log);
    await asked(`start ${what}`, container.start(), cannotStart);
    const { State } = await asked(`look at ${what}`, container.inspect());
    return { id: container.id, container, pid: State.Pid, ended: endOf(what, container, printed) };
  } catch (error) {
    await removeContainer(engine, container.id).catch(() => undefined);
    throw clearer(error, settings);
  }
}

/** Before it is started, so that no line is lost. The other end of its stdin closes with the harness. */
async function attach(engine: Engine, what: string, container: Container, log: string): Promise<WriteStream> {
  const all = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
  const stream = await asked(`attach to ${what}`, container.attach(all));
  const file = createWriteStream(log, { flags: 'a' });
  engine.docker.modem.demuxStream(stream, file, file);
  // Its end is told by the engine elsewhere; what was lost of a log is lost.
  stream.on('error', () => undefined);
  file.on('error', () => undefined);
  stream.once('close', () => file.end());
  stream.once('end', () => file.end());
  return file;
}

async function endOf(what: string, container: Container, printed: WriteStream): Promise<string> {
  const end = container.wait() as Promise<{ readonly StatusCode: number }>;
  const { StatusCode } = await end.catch((cause: unknown) => {
    throw new HarnessError('ENGINE_FAILED', `the Docker engine was lost while ${what} ran`, {
      hint: 'see that it runs (docker info), then gatecrash clean',
      cause,
    });
  });
  const tooLate = setTimeout(() => printed.destroy(), drainedWithinMs);
  await finished(printed).catch(() => undefined);
  clearTimeout(tooLate);
  return howItEnded(StatusCode);
}

/** A process that a signal has ended has 128 and its number as its code. */
function howItEnded(code: number): string {
  const [name] = Object.entries(constants.signals).find(([, number]) => code === 128 + number) ?? [];
  return name === undefined ? `code ${code}` : `signal ${name}`;
}

/** What is wrong with what was given, and not with the engine. */
function clearer(error: unknown, { Image: image }: ContainerSettings): unknown {
  if (!(error instanceof HarnessError)) return error;
  if (noImage.test(error.message))
    return new HarnessError('IMAGE_NOT_FOUND', `there is no image ${image} in the Docker engine`, {
      hint: `docker pull ${image}; where no registry can be reached, docker load`,
      cause: error,
    });
  if (portTaken.test(error.message))
    return new HarnessError('PORT_TAKEN', error.message, {
      hint: 'somebody took the port between its choice and its use; run it again',
      cause: error,
    });
  return error;
}
