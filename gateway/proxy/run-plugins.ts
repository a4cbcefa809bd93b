/** Calls the plugins of a request: all of one phase before the next, each in its order. */
import type { BoundPlugin, Handled, ResponseHead } from '../plugins/plugin.ts';
import type { RequestContext } from './request-context.ts';

type Phase = 'rewrite' | 'access';

/** The first answer, if a plugin gives one. No promise is made where none of the plugins makes one. */
export function runPlugins(
  context: RequestContext,
  phase: Phase,
  plugins: readonly BoundPlugin[] = context.plugins,
  from = 0,
): Handled | Promise<Handled> {
  for (let index = from; index < plugins.length; index++) {
    const handled = plugins[index]?.hooks[phase]?.(context);
    if (handled instanceof Promise) {
      return handled.then((answer) => answer ?? runPlugins(context, phase, plugins, index + 1));
    }
    if (handled !== undefined) return handled;
  }
  return undefined;
}

/** Whether any of them wants to see the head of the answer. */
export function changesResponse(plugins: readonly BoundPlugin[]): boolean {
  return plugins.some(({ hooks }) => hooks.response !== undefined);
}

export function runResponse(context: RequestContext, head: ResponseHead): void {
  for (const { hooks } of context.plugins) hooks.response?.(context, head);
}

export function runServed(context: RequestContext, status: number): void {
  for (const { hooks } of context.plugins) hooks.served?.(context, status);
}
