/** The catalogue of errors. Each has a stable code and says what was wrong, where, and what to do. */
export type ErrorCode =
  | 'USAGE'
  | 'ETCD_NOT_FOUND'
  | 'PORT_TAKEN'
  | 'PORTS_USED_UP'
  | 'PROCESS_DIED'
  | 'GATEWAY_NOT_FOUND'
  | 'GATEWAY_NOT_READY'
  | 'ETCD_NOT_READY'
  | 'LINK_NOT_READY'
  | 'UPSTREAM_NOT_READY'
  | 'ENGINE_NOT_FOUND'
  | 'ENGINE_FAILED'
  | 'IMAGE_NOT_FOUND'
  | 'IMAGE_NOT_BUILT'
  | 'TOXIPROXY_NOT_FOUND'
  | 'TOXIPROXY_NOT_READY'
  | 'K6_NOT_FOUND'
  | 'FAULT_NOT_CONFIRMED'
  | 'HEAL_FAILED'
  | 'HEARTBEAT_MISSED'
  | 'RESIDUE'
  | 'EVIDENCE_UNREADABLE'
  | 'DEADLINE'
  | 'LOAD_ENGINE'
  | 'HISTORY_UNREADABLE'
  | 'HISTORY_NEWER'
  | 'HISTORY_NOT_WRITTEN'
  | 'NIGHTLY_RUNNING'
  | 'DISK_FULL'
  | 'CHANGELOG_UNREADABLE'
  | 'CHANGELOG_DIALECT'
  | 'CHANGELOG_VERSION';

/** These say that what was given is wrong, and nothing of the harness; their exit code is that of usage. */
const ofTheInput: readonly ErrorCode[] = ['USAGE', 'CHANGELOG_UNREADABLE', 'CHANGELOG_DIALECT', 'CHANGELOG_VERSION'];

export interface ErrorDetails {
  readonly hint?: string | undefined;
  readonly workload?: string | undefined;
  readonly cause?: unknown;
}

export class HarnessError extends Error {
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string | undefined;
  /** The workload that did not do its part, where it is one's doing. */
  readonly workload: string | undefined;

  constructor(code: ErrorCode, message: string, { hint, workload, cause }: ErrorDetails = {}) {
    super(message, { cause });
    this.name = 'HarnessError';
    this.code = code;
    this.hint = hint;
    this.workload = workload;
  }

  get isOfTheInput(): boolean {
    return ofTheInput.includes(this.code);
  }
}

/** The first error first: what went wrong while its mess was cleared up comes after it. */
export function wordsOf(error: unknown): string {
  if (error instanceof SuppressedError) return `${wordsOf(error.suppressed)}; and then ${wordsOf(error.error)}`;
  return error instanceof Error ? error.message : String(error);
}

/** What drivers call the workload of a gateway under test; further ones are named after it. */
export const gatewayWorkload = 'gateway';

/** Of a build that has one: it is a part of what is under test. */
export const watchProxyWorkload = 'watch-proxy';

/** A program of ours beside a gateway that cannot read etcd by itself. */
export const companionName = 'gateway-routes';

/** What a gateway under test did not do, in words; undefined when the error is not of its doing. */
export function doingOfGateway(error: unknown): string | undefined {
  if (error instanceof SuppressedError) return doingOfGateway(error.suppressed);
  if (!(error instanceof HarnessError)) return undefined;
  return error.workload !== undefined && isUnderTest(error.workload) ? error.message : undefined;
}

function isUnderTest(workload: string): boolean {
  const isOne = (name: string): boolean => workload === name || workload.startsWith(`${name}-`);
  return (isOne(gatewayWorkload) && !isOne(companionName)) || isOne(watchProxyWorkload);
}

/** Several mistakes of one input, reported together; nothing was started. */
export class UsageError extends HarnessError {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[], hint?: string) {
    super('USAGE', mistakes.join('\n'), hint === undefined ? {} : { hint });
    this.name = 'UsageError';
    this.mistakes = mistakes;
  }
}
