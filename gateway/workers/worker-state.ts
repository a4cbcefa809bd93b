/** What a worker tells the master of itself; the master shows it on `/status/ready`. */
export interface WorkerState {
  readonly ready: boolean;
  readonly revision: string;
  readonly clusterId: string;
  readonly routes: number;
  readonly upstreams: number;
  readonly syncState: string;
  readonly syncDetail: string;
  readonly rejected: Readonly<Record<string, string>>;
}
