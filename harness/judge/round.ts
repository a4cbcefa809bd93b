/** Numbers of the verdict are rounded, so that the last bit of a platform's logarithm cannot change a byte. */

export const significantDigits = 6;

export function rounded(value: number): number {
  return Number(value.toPrecision(significantDigits));
}
