/** Third-party programs, pinned in one place. The Go build is checked against `etcd/go.sum`. */
export const pins = {
  node: { version: '24.21.0', atLeast: '24.12.0' },
  etcd: { version: '3.7.3', atLeast: '3.4.0' },
} as const;
