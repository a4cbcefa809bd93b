/** Text without anything that could steer a terminal or reorder what is read: evidence carries names that others chose. */

// oxlint-disable-next-line no-control-regex -- these are the characters to be removed
const steering = /\u001B\[[0-9;?]*[@-~]|[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** One line: line breaks and tabs become spaces; control characters and bidirectional overrides are dropped. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\s\u0085]+/g, ' ')
    .replaceAll(steering, '')
    .toWellFormed();
}
