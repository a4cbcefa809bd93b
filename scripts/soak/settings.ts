/** What may be said of a soak, by the environment. */

export interface SoakSettings {
  /** Of each way to end the harness. */
  readonly rounds: number;
  /** Generated scenarios, and schedules of the watch proxy. */
  readonly schedules: number;
  readonly seed: number;
  /** One way to end the harness only. */
  readonly way: string | undefined;
  /** One kind of schedules only. */
  readonly family: string | undefined;
  /** Schedules under way at one time. */
  readonly lanes: number;
  /** Gets a line for each thing that went wrong, and signs of life. */
  readonly tell: (line: string) => void;
}

export function soakSettings(env: NodeJS.ProcessEnv, tell: (line: string) => void): SoakSettings {
  return {
    rounds: whole('ROUNDS', env, 50),
    schedules: whole('SCHEDULES', env, 1_000),
    seed: whole('SEED', env, 1),
    way: word('WAY', env),
    family: word('FAMILY', env),
    lanes: whole('LANES', env, 2),
    tell,
  };
}

/** An empty one is as none: make passes on what it was not given. */
function word(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const given = env[name] ?? '';
  return given === '' ? undefined : given;
}

function whole(name: string, env: NodeJS.ProcessEnv, otherwise: number): number {
  const given = word(name, env);
  const value = given === undefined ? otherwise : Number(given);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`${name} must be a whole number from 1, not "${given}"`);
}
