/** What a host has, as far as kinds of fault differ in what they need. */
export interface Host {
  /** The most files, sockets among them, that one process may have open. */
  readonly openFiles: number;
}
