/** Why a value does not count. Its last good value stays in force. */
export class BadItem extends Error {}
