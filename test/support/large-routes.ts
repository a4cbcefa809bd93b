/** Routes that cost a gateway as much memory as they are long: it has to keep what they say. */
import { withEtcd } from '../../harness/faults/etcd-client.ts';
import type { World } from '../../harness/model/ports.ts';

/** Of the reference gateway, each so many bytes long; they stay until the world is gone. */
export async function largeRoutes({ prefix, ...etcd }: World, count: number, bytes: number): Promise<void> {
  await withEtcd(etcd, async (client) => {
    for (let index = 0; index < count; index++) {
      const plugins = { mocking: { response_example: String(index).padEnd(bytes, 'x') } };
      const value = JSON.stringify({ id: `large-${index}`, uri: `/large/${index}`, plugins });
      await client.put(`${prefix}/routes/large-${index}`).value(value).exec();
    }
  });
}
