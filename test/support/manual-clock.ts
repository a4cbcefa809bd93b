/** A clock that stands still until the test moves it. */
export interface ManualClock {
  readonly clock: () => number;
  readonly pass: (ms: number) => void;
}

export function manualClock(): ManualClock {
  let now = 1_000;
  return {
    clock: () => now,
    pass(ms) {
      now += ms;
    },
  };
}
