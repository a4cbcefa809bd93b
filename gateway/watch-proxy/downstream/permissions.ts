/**
 * Who may read what. etcd decides: it is asked for one key of the range with the client's own credentials, and its
 * answer holds for a while. Clients that wait for the same answer share one question.
 */
import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Span } from '../span.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** How long an answer holds. Milliseconds. */
const holdsMs = 5_000;
const mostAnswers = 10_000;

/** What a client shows etcd: a token, or nothing. */
export interface Credentials {
  /** Equal for clients that show the same. */
  readonly name: string;
  readonly metadata: Metadata;
}

/** Undefined: it may. Otherwise why not, in the words of etcd. */
export type Refusal = string | undefined;

export class Permissions {
  readonly #upstream: Upstream;
  readonly #answers = new Map<string, { readonly refusal: Promise<Refusal>; readonly until: number }>();
  #asked = 0;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Questions to etcd so far. */
  get asked(): number {
    return this.#asked;
  }

  /** Users or rights have just been changed, and we know of it: nothing that etcd said before holds any more. */
  forget(): void {
    this.#answers.clear();
  }

  /** Rejects when etcd does not answer, and never has for these credentials and this span. */
  async check(credentials: Credentials, span: Span): Promise<Refusal> {
    const name = `${credentials.name}\n${span.from}\n${span.to ?? '\n'}`;
    const known = this.#answers.get(name);
    if (known !== undefined && known.until > performance.now()) return known.refusal;
    const refusal = this.#ask(credentials, span).catch((error: unknown) => {
      // etcd is away, and with it whoever could take a right: what it last said still holds.
      if (known === undefined) throw error;
      return known.refusal;
    });
    if (this.#answers.size >= mostAnswers) this.#answers.clear();
    this.#answers.set(name, { refusal, until: performance.now() + holdsMs });
    // No answer is none that could be kept.
    refusal.catch(() => this.#answers.delete(name));
    return refusal;
  }

  async #ask({ metadata }: Credentials, span: Span): Promise<Refusal> {
    this.#asked++;
    try {
      await this.#upstream.probe(span, metadata);
      return undefined;
    } catch (error) {
      const { code, details } = error as Partial<ServiceError>;
      const name = refusals.get(code ?? status.UNKNOWN);
      if (name === undefined) throw error;
      return `rpc error: code = ${name} desc = ${details}`;
    }
  }
}

/** Of etcd's answers those that say no; any other says nothing about rights. */
const refusals: ReadonlyMap<status, string> = new Map([
  [status.PERMISSION_DENIED, 'PermissionDenied'],
  [status.UNAUTHENTICATED, 'Unauthenticated'],
  [status.INVALID_ARGUMENT, 'InvalidArgument'],
]);

/** Whether the refusal takes a right away, and not only says that a token has grown old: etcd lets such a watch live. */
export function revokes(refusal: Refusal): boolean {
  return refusal?.includes('PermissionDenied') === true;
}
