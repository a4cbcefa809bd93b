/** The part of the scenario language that sends bad clients to the gateway, beside those of the load. */

export type ClientFault =
  /**
   * So many clients a second connect, send a request to a settled route and go away before its answer: with a FIN, with a reset, and
   * with a reset in the middle of their body, in turn.
   */
  | {
      readonly kind: 'client.abandon';
      /** @minimum 1 */
      readonly perSecond: number;
    }
  /** So many clients connect, send half of a request, and then nothing more until heal. */
  | {
      readonly kind: 'client.stall';
      /** @minimum 1 */
      readonly connections: number;
    };
