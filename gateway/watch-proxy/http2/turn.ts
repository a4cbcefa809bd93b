let turn = 0;
let isCounted = false;

/** The number of this turn of the event loop: what one connection is sent twice in the same turn leaves together. */
export function currentTurn(): number {
  if (!isCounted) {
    isCounted = true;
    setImmediate(() => {
      isCounted = false;
      turn++;
    });
  }
  return turn;
}
