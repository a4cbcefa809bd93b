/** Secrets as APISIX stores them unless told otherwise (`data_encryption`): AES-128-CBC in Base64, by a key that is its own IV. */
import { isUtf8 } from 'node:buffer';
import { createDecipheriv } from 'node:crypto';

/** Keys of 16 bytes, tried in turn: the first is what new values are encrypted with, the others open old ones. */
export type Keyring = readonly string[];

export const keyBytes = 16;

/** What was encrypted; the text itself when no key opens it, for then it was stored as it is. */
export function unsealed(text: string, keyring: Keyring): string {
  const sealed = Buffer.from(text, 'base64');
  const whole = sealed.length > 0 && sealed.length % keyBytes === 0 && sealed.toString('base64') === text;
  if (!whole) return text;
  for (const key of keyring) {
    const plain = decrypted(sealed, Buffer.from(key));
    if (plain !== undefined) return plain;
  }
  return text;
}

function decrypted(sealed: Buffer, key: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, key);
    const plain = Buffer.concat([decipher.update(sealed), decipher.final()]);
    // One wrong key in 256 leaves what looks like a padding, and before it bytes that are no text.
    return isUtf8(plain) ? plain.toString() : undefined;
  } catch {
    return undefined;
  }
}
