/** The routes that a step of `routes.fill` adds, by their ids: who fills the table and who reads the history mean the same ones. */

/** `step`: of the timeline, from 0. `index`: from 0. */
export function filledRoute(step: number, index: number): string {
  return `${filledStart(step)}${index}`;
}

/** What all of a step begin with, and no others. */
export function filledStart(step: number): string {
  return `filled-${step + 1}-`;
}
