/** On what a run was made: saved beside the evidence, shown in reports, of no weight in the verdict. */
export interface Environment {
  readonly schema: 1;
  readonly startedAt: string;
  readonly host: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryMiB: number;
    readonly kernel: string;
  };
  readonly node: string;
  readonly etcd: { readonly version: string; readonly from: string };
  /** Version of the Docker engine that the containers ran in; absent for processes. */
  readonly engine?: string;
  /** Commit of the checkout, `+changes` when it differs from it; undefined outside a checkout. */
  readonly git: string | undefined;
  readonly argv: readonly string[];
}
