/** What the doctor says of the Docker engine. */
import { connectEngine } from '../containers/engine.ts';
import type { Finding } from '../tools/finding.ts';

export async function engineFinding(): Promise<Finding> {
  const lackCosts =
    'no --runtime docker: everything runs as processes, and gateways that come as images cannot be tried';
  const about = { name: 'docker engine', needed: false, lackCosts };
  try {
    const { version, rootless } = await connectEngine();
    return { ...about, found: true, version, detail: `${version}${rootless ? ', rootless' : ''}` };
  } catch (error) {
    return { ...about, found: false, detail: (error as Error).message };
  }
}
