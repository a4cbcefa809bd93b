/** A build: one version of one gateway product, as written on the command line. */

export interface Build {
  /** The whole name, such as `reference@.+watch-advance-on-timeout`. */
  readonly name: string;
  /** The product: the driver that knows how to run it. */
  readonly gateway: string;
  /** `.` = this checkout; otherwise a version that the driver understands. */
  readonly version: string;
  /** What is stacked on it: mutants, known-bad or benign, some with a dose (`rare-404=0.01`), and other ways to deploy it. */
  readonly variants: readonly string[];
}

/** Splits `<gateway>@<version>[+<variant>[=<dose>]…]`; undefined when the text has no such form. */
export function parseBuild(name: string): Build | undefined {
  const match = /^(?<gateway>[a-z][a-z0-9-]*)@(?<version>[^+\s]+)(?<variants>(?:\+[a-z0-9-]+(?:=[0-9.]+)?)*)$/.exec(
    name,
  );
  if (match?.groups === undefined) return undefined;
  const { gateway = '', version = '', variants = '' } = match.groups;
  return { name, gateway, version, variants: variants.split('+').filter((variant) => variant !== '') };
}
