/** A product as the command line knows it, before a build of it is run. */
import type { Ability } from './abilities.ts';
import type { Build } from './build.ts';
import type { RuntimeKind } from './plan.ts';
import type { GatewayDriver } from './ports.ts';

export interface Preparation {
  /** Of the run. */
  readonly scratch: string;
  readonly runtime: RuntimeKind;
  readonly note: (text: string) => void;
}

/** One product, before it is known which build of it is wanted. */
export interface Product {
  /** How its builds are named, and what these are: `reference@git:<ref>` and so on. */
  readonly builds: Readonly<Record<string, string>>;
  /** Of every build; undefined when builds differ. */
  readonly abilities: ReadonlySet<Ability> | undefined;
  /** Mistakes in the build's version or variants, as sentences; empty when it can be run by that runtime. */
  mistakes(build: Build, runtime: RuntimeKind): readonly string[];
  /** Of a build without mistakes. */
  driverOf(build: Build): GatewayDriver;
}
