/** The system's Chromium, for tests that have to see a page as a reader does. */
import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the browser, `GATECRASH_CHROMIUM` first; undefined on a host that has none. */
export const chromium: string | undefined = [process.env['GATECRASH_CHROMIUM'] ?? '', ...places].find((file) => file !== '' && existsSync(file)); // prettier-ignore
