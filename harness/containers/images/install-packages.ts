/** The gateway's packages alone, as package-lock.json has them. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { HarnessError } from '../../model/errors.ts';
import { inCheckout } from './recipes.ts';

const wanted = ['package.json', 'package-lock.json', '.npmrc', 'gateway/package.json'];
const only = ['--workspace', 'gateway', '--include-workspace-root=false', '--omit=dev', '--ignore-scripts'];
const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** `app`: a folder that is made. */
export async function installPackages(app: string): Promise<void> {
  mkdirSync(path.join(app, 'gateway'), { recursive: true });
  for (const name of wanted) cpSync(inCheckout(name), path.join(app, name));
  try {
    await promisify(execFile)('npm', ['ci', ...only, ...quietly], { cwd: app });
  } catch (cause) {
    const { stderr = '', message } = cause as { readonly stderr?: string; readonly message: string };
    throw new HarnessError('IMAGE_NOT_BUILT', `npm ci for the image failed: ${stderr.trim() || message}`, {
      hint: 'when the npm registry can be reached (npm ping), try again',
      cause,
    });
  }
}
