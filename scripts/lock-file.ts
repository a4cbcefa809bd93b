/** What package-lock.json must hold so that `npm ci` takes it on every platform. */

export interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface Missing {
  /** Its key in the lock file, such as `node_modules/@oxlint/binding-darwin-arm64`. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly dev: boolean;
}

/** Optional packages of one exact version that a locked package declares and the lock file does not hold. */
export function missingFrom({ packages }: Lock): readonly Missing[] {
  return Object.entries(packages).flatMap(([parent, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !places(parent, name).some((place) => place in packages))
      .map(([name, version]) => ({ key: `node_modules/${name}`, name, version, dev })),
  );
}

/** The lock file with what is missing, in npm's order. There is no integrity to give: nobody here has seen the file. */
export function withMissing(lock: Lock): Lock {
  const added = missingFrom(lock).map(({ key, name, version, dev }) => {
    if (!/^\d+\.\d+\.\d+$/.test(version))
      throw new Error(`${name} is asked for as ${version}, which is no one version`);
    const { os, cpu, libc } = platformOf(name);
    // In the order that npm itself writes, so that its next write changes nothing.
    const entry = {
      version,
      cpu,
      ...(dev ? { dev } : {}),
      ...(libc === undefined ? {} : { libc }),
      optional: true,
      os,
    };
    return [key, entry] as const;
  });
  const all = [...Object.entries(lock.packages), ...added].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(all) };
}

/** The platform that a package of native code is named after, such as `@oxlint/binding-linux-x64-musl`. */
export function platformOf(name: string): Required<Pick<LockedPackage, 'os' | 'cpu'>> & Pick<LockedPackage, 'libc'> {
  const pattern =
    /[/-](?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(?<abi>\w+))?$/;
  const { os, cpu, abi = '' } = pattern.exec(name)?.groups ?? {};
  if (os === undefined || cpu === undefined) throw new Error(`${name} names no platform; add it by hand`);
  const libc = new Map([
    ['gnu', 'glibc'],
    ['musl', 'musl'],
  ]).get(abi);
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** Where Node would look for a package that `parent` asks for, innermost first. */
function places(parent: string, name: string): readonly string[] {
  const parts = parent === '' ? [] : parent.split('/node_modules/');
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/node_modules/'));
  return [...folders.toReversed().map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`];
}
