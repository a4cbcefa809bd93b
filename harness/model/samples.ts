/** Names of the sampled numbers that the judge reads, so that a probe and the judge cannot mean different ones. */
export const samples = {
  /** Processor time of the gateway's processes since they started, of ended ones too. Seconds. */
  gatewayCpu: 'gateway-cpu-seconds',
  /** Resident memory of the gateway's processes together. Bytes; pages that they share count for each. */
  gatewayRss: 'gateway-rss-bytes',
  /** Files and connections that the gateway's processes together have open. */
  openFiles: 'gateway-open-files',
  /** Processes that the gateway's first one had started, and that have ended since the sampling began. */
  endedWorkers: 'gateway-ended-processes',
  /** Calls and watches that came to the etcd link, and the bytes of range answers and watch events that went back. */
  etcdRequests: 'etcd-requests',
  etcdBytes: 'etcd-bytes',
  /** Routes of the table as the trial begins with it; what a fault adds or takes is told by its edges. */
  tableRoutes: 'table-routes',
  /** Of all cores of the host since it started: all time, and the part that the hypervisor gave to others. Seconds. */
  hostTime: 'host-core-seconds',
  hostStolen: 'host-stolen-seconds',
  /** Time for which the limit of our own control group kept its processes from running. Seconds. */
  hostThrottled: 'host-throttled-seconds',
  /** The wall clock minus a monotonic one: constant unless somebody sets the clock. Milliseconds. */
  clockOffset: 'clock-offset-ms',
  /** What the load engine takes of the host for each request. Microseconds of processor time; shown, never judged. */
  loadCpu: 'load-cpu-us-per-request',
} as const;
