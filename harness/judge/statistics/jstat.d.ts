/** The few functions of jStat that the judge uses; the package brings no types. */
declare module 'jstat' {
  interface TwoParameters {
    inv(p: number, a: number, b: number): number;
    cdf(x: number, a: number, b: number): number;
  }
  interface OneParameter {
    inv(p: number, degreesOfFreedom: number): number;
    cdf(x: number, degreesOfFreedom: number): number;
  }
  const jStat: {
    readonly studentt: OneParameter;
    readonly chisquare: OneParameter;
    readonly normal: TwoParameters;
    readonly beta: TwoParameters;
    betaln(a: number, b: number): number;
  };
  export default jStat;
}
