/** How a harness is told from whatever else has its process id by now. */

/** Of a checkout or of the package, or by the name that npm gives it. */
const program = /(?:^|\/)(?:cli\.[jt]s|gatecrash)$/;

/** `commandLine`: as the kernel tells it, its words apart by NUL. */
export function isHarness(commandLine: string): boolean {
  return commandLine.split('\0').some((word) => program.test(word));
}
