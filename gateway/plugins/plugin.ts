/** What a plugin is: a schema for its part of a configuration object, and hooks on the way of a request. */
import type { SchemaObject } from 'ajv';
import type { RequestContext } from '../proxy/request-context.ts';
import type { HeaderList } from '../proxy/header-list.ts';

/** An answer instead of the upstream's. An object becomes JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

/** Undefined lets the request go on. */
export type Handled = Answer | undefined;

/** The head of an answer on its way to the client. */
export interface ResponseHead {
  status: number;
  readonly headers: HeaderList;
  /** Replaces the body. */
  body: Buffer | undefined;
}

/** Called in the order of priority, each phase for all plugins before the next; a promise holds only its own request. */
export interface PluginHooks {
  /** Changes the request, or answers it. */
  rewrite?(context: RequestContext): Handled | Promise<Handled>;
  /** Lets it pass, or answers it. */
  access?(context: RequestContext): Handled | Promise<Handled>;
  /** Changes the head of the answer; also of answers that a plugin or the gateway itself gives. */
  response?(context: RequestContext, head: ResponseHead): void;
  /** Told once, when the head of the answer goes out. */
  served?(context: RequestContext, status: number): void;
}

export interface Plugin {
  readonly name: string;
  /** As APISIX's, so that plugins meet in the same order. */
  readonly priority: number;
  readonly schema: SchemaObject;
  /** Makes the hooks for one validated configuration, in `owner` such as `routes/5`. Throws BadItem for what no schema can say. */
  bind(conf: never, owner: string): PluginHooks;
}

export interface BoundPlugin {
  readonly name: string;
  readonly priority: number;
  readonly hooks: PluginHooks;
}
