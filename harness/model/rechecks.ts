/** Name of the sample that tells how many reads of changes were made that every worker had shown before. */
export const recheckedSample = 'reads of changes seen before';
