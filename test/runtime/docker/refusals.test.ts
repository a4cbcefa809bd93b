/** What the engine cannot do is a coded error with its own words, and leaves nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { asked } from '../../../harness/containers/engine.ts';
import { ofRuns } from '../../../harness/containers/leftovers.ts';
import { ownImages } from '../../../harness/model/images.ts';
import type { ImageRun } from '../../../harness/model/ports.ts';
import { startPod } from '../../../harness/runtimes/docker/pod.ts';
import { type TestEngine, docker, withDocker } from '../../support/docker.ts';

const never = new AbortController().signal;
const logs = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-refusals-'));
afterAll(() => rmSync(logs, { recursive: true }));

let runs = 0;

/** Launches it alone and waits for its end; rejects with what was said, once all of it is gone. */
async function launch({ engine, runtimeOf }: TestEngine, image: ImageRun): Promise<void> {
  const runId = `test-refusals-${process.pid}-${runs++}`;
  try {
    await using runtime = runtimeOf({ runId, logs, onLaunch: () => undefined, laterPorts: 1 });
    const instance = await runtime.launch({ name: 'gateway', command: 'gateway', args: [], env: {}, image }, never);
    await instance.died;
  } finally {
    expect((await ofRuns(engine)).filter((each) => each.runId === runId)).toEqual([]);
  }
}

/** An image of one file `/program`, which is for a processor that no engine of a test has. */
async function ofAnotherProcessor({ engine }: TestEngine): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `gatecrash-test-foreign:${process.pid}`;
  const imported = engine.docker.importImage(Readable.from([archive('program', foreignProgram())]), {
    repo: 'gatecrash-test-foreign',
    tag: String(process.pid),
  });
  await once((await imported).resume(), 'end');
  return { name, [Symbol.asyncDispose]: () => engine.docker.getImage(name).remove() };
}

/** The header of an ELF program for a 64-bit S/390 (its number is 22), which is all that the kernel looks at. */
function foreignProgram(): Buffer {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 2, 1]);
  header.writeUInt16BE(2, 16);
  header.writeUInt16BE(22, 18);
  header.writeUInt32BE(1, 20);
  return header;
}

/** A tar of one file that anybody may run. */
function archive(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000755\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc(512 - (content.length % 512) + 1_024)]);
}

describe.skipIf(docker === undefined)(withDocker, () => {
  test('an image that is not there is named, with how to get it', async () => {
    if (docker === undefined) return;
    const image = { name: 'apache/apisix:0.0.0-never-released' };
    await expect(launch(docker, image)).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      message: expect.stringContaining(image.name) as string,
      hint: expect.stringContaining(`docker pull ${image.name}`) as string,
    });
  }, 120_000);

  test('an image for another processor is told by the words of the kernel', async () => {
    if (docker === undefined) return;
    await using foreign = await ofAnotherProcessor(docker);
    await expect(launch(docker, { name: foreign.name, args: ['/program'] })).rejects.toMatchObject({
      code: 'PROCESS_DIED',
      message: expect.stringMatching(
        /^gateway ended by itself with code \d+; its last lines:\n.*exec format error/,
      ) as string,
    });
  }, 120_000);

  test('a file that has to be shared with the container and is not there is named', async () => {
    if (docker === undefined) return;
    const image = { name: 'gatecrash-packages', mounts: ['/nowhere/ca.crt'] };
    await expect(launch(docker, image)).rejects.toMatchObject({
      code: 'PROCESS_DIED',
      message: expect.stringContaining('there is no /nowhere/ca.crt') as string,
    });
  }, 120_000);

  test('a port that somebody took in between is a clash, and not a pod without it', async () => {
    if (docker === undefined) return;
    const { engine, images } = docker;
    const somebody = createServer().listen(0, '127.0.0.1');
    await once(somebody, 'listening');
    const { port } = somebody.address() as AddressInfo;
    const runId = `test-refusals-${process.pid}-${runs++}`;
    const image = images.get(ownImages.pod) ?? '';
    const pod = startPod({ engine, runId, image, logs, ports: [{ port, protocol: 'tcp' }], nobody: port });
    await expect(pod).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(String(port)) as string,
    });
    expect((await ofRuns(engine)).filter((each) => each.runId === runId)).toEqual([]);
    somebody.close();
  }, 120_000);
});

test('a full disk of the engine is told as that, whatever was asked', async () => {
  const full = Object.assign(new Error('(HTTP code 500) server error'), {
    statusCode: 500,
    json: { message: 'mkdir /var/lib/docker/overlay2/1: no space left on device' },
  });
  await expect(asked('create gateway', Promise.reject(full))).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: 'the Docker engine could not create gateway: mkdir /var/lib/docker/overlay2/1: no space left on device',
  });
});

test('an engine that does not answer in time is an error, not a wait for ever', async () => {
  await expect(asked('start gateway', new Promise(() => undefined), {}, 5)).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    message: 'the Docker engine could not start gateway: no answer in 5 ms',
  });
});
