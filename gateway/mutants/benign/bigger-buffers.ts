/** Benign: memory that is taken once, at the start. */
import type { Mutant } from '../mutant.ts';

const usual = 32;
const kept: Buffer[] = [];

export const biggerBuffers: Mutant = {
  name: 'bigger-buffers',
  kind: 'benign',
  summary: 'each worker keeps more memory, of a constant size',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  dose: { unit: 'MiB for each worker', usual },
  wrap(seams, mib = usual) {
    return {
      ...seams,
      createMetrics(worker) {
        // Filled, or the kernel would not give it.
        kept.push(Buffer.alloc(mib * 1_048_576, 1));
        return seams.createMetrics(worker);
      },
    };
  },
};
