/** A logistic curve through shares of detected sessions over the logarithm of the dose, by maximum likelihood. */

export interface DoseCount {
  readonly dose: number;
  readonly detected: number;
  readonly sessions: number;
}

const mostSteps = 50;
const flatEnough = 1e-10;

/**
 * The dose that is detected with this chance; undefined when the counts do not fix a rising curve: fewer than three
 * doses, or a dose from which on all are detected and below which none is, where the likelihood has no maximum.
 */
export function doseDetectedWith(chance: number, counts: readonly DoseCount[]): number | undefined {
  if (counts.length < 3) return undefined;
  let [a, b] = [0, 0];
  for (let step = 0; step < mostSteps; step += 1) {
    // Newton's method on the two coefficients of a + b·ln(dose).
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (const { dose, detected, sessions } of counts) {
      const x = Math.log(dose);
      const p = 1 / (1 + Math.exp(-(a + b * x)));
      const weight = sessions * p * (1 - p);
      ga += detected - sessions * p;
      gb += (detected - sessions * p) * x;
      haa += weight;
      hab += weight * x;
      hbb += weight * x * x;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 1e-9)) return undefined;
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    [a, b] = [a + da, b + db];
    if (Math.abs(da) + Math.abs(db) < flatEnough)
      return b > 0 ? Math.exp((Math.log(chance / (1 - chance)) - a) / b) : undefined;
  }
  return undefined;
}
