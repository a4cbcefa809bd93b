/** Exit codes of the gateway's processes. Whoever starts a gateway may rely on them. */

/** The settings or the arguments hold mistakes; one line each on stderr. */
export const badSettings = 2;
/** An address to listen on could not be had. */
export const addressTaken = 3;
