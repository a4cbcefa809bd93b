/** What goes wrong in keeping what is valid: an explicit list, one file each. */
import { badItemFailsColdStart } from './bad-item-fails-cold-start.ts';
import { badItemPoisonsDirectory } from './bad-item-poisons-directory.ts';
import { deleteTombstoneHole } from './delete-tombstone-hole.ts';
import { deprecatedFieldIgnored } from './deprecated-field-ignored.ts';
import { eventBatchAbortOnInvalid } from './event-batch-abort-on-invalid.ts';
import { fullReloadDropsInvalid } from './full-reload-drops-invalid.ts';
import { noRecoveryAfterFix } from './no-recovery-after-fix.ts';
import { noopUpdateRebuild } from './noop-update-rebuild.ts';
import { strictSchemaDropsItem } from './strict-schema-drops-item.ts';
import { strictSchemaFailsAll } from './strict-schema-fails-all.ts';
import type { Mutant } from '../mutant.ts';

export const storeMutants: readonly Mutant[] = [
  badItemFailsColdStart,
  badItemPoisonsDirectory,
  deleteTombstoneHole,
  deprecatedFieldIgnored,
  eventBatchAbortOnInvalid,
  fullReloadDropsInvalid,
  noRecoveryAfterFix,
  noopUpdateRebuild,
  strictSchemaDropsItem,
  strictSchemaFailsAll,
];
