/** A build: one version of one gateway product, as written on the command line. */

export interface Build {
  /** The whole name, such as `reference@.+watch-advance-on-timeout`. */
  readonly name: string;
  /** The product: the driver that knows how to run it. */
  readonly gateway: string;
  /** `.` = this checkout; otherwise a version that the driver understands. */
  readonly version: string;
  /** Known-bad or benign variants stacked on it. */
  readonly mutants: readonly string[];
}

/** Splits `<gateway>@<version>[+<mutant>…]`; undefined when the text has no such form. */
export function parseBuild(name: string): Build | undefined {
  const match = /^(?<gateway>[a-z][a-z0-9-]*)@(?<version>[^+\s]+)(?<mutants>(?:\+[a-z0-9-]+)*)$/.exec(name);
  if (match?.groups === undefined) return undefined;
  const { gateway = '', version = '', mutants = '' } = match.groups;
  return { name, gateway, version, mutants: mutants.split('+').filter((mutant) => mutant !== '') };
}
