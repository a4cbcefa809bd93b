/** The `config.yaml` of Apache APISIX, from 2.x and 3.x. */
import { atLeast } from '../../tools/found-tool.ts';
import type { GatewaySettings } from '../../model/ports.ts';
import { adminKey } from '../admin-key.ts';

/** Ports on loopback. `status` is used from 3.14 on; before, the control API tells whether it is up. */
export interface ApisixPorts {
  readonly traffic: number;
  readonly admin: number;
  readonly control: number;
  readonly metrics: number;
  readonly status: number;
}

export interface ApisixConfig {
  readonly version: string;
  readonly settings: GatewaySettings;
  readonly ports: ApisixPorts;
  /** Over gRPC and not over etcd's JSON gateway: 3.1 to 3.5 only. */
  readonly grpc: boolean;
}

const ip = '127.0.0.1';
export const workerHeader = 'x-gateway-worker';

/** Of the configuration, before it is YAML. */
export function apisixConfig(config: ApisixConfig): object {
  return config.version.startsWith('2.') ? configOf2(config) : configOf3(config);
}

export function hasStatusPage(version: string): boolean {
  return atLeast(version, '3.14');
}

/** Where 2.x keeps the Admin API and etcd at the top, 3.x has them in `deployment`. */
function configOf2({ settings, ports }: ApisixConfig): object {
  return {
    apisix: {
      ...listening(settings, ports),
      config_center: 'etcd',
      allow_admin: ['127.0.0.0/24'],
      admin_listen: { ip, port: ports.admin },
      admin_key: [{ name: 'admin', key: adminKey, role: 'admin' }],
    },
    // Its timeout is also that of an idle watch.
    etcd: { ...etcd(settings), timeout: seconds(settings) },
    ...rest(settings, ports),
  };
}

function configOf3({ version, settings, ports, grpc }: ApisixConfig): object {
  const { admin, status } = ports;
  return {
    apisix: {
      ...listening(settings, ports),
      ...(hasStatusPage(version) ? { status: { ip, port: status } } : {}),
    },
    deployment: {
      role: 'traditional',
      role_traditional: { config_provider: 'etcd' },
      admin: {
        allow_admin: ['127.0.0.0/24'],
        admin_listen: { ip, port: admin },
        admin_key: [{ name: 'admin', key: adminKey, role: 'admin' }],
      },
      etcd: { ...etcd(settings), timeout: 30, watch_timeout: seconds(settings), ...(grpc ? { use_grpc: true } : {}) },
    },
    ...rest(settings, ports),
  };
}

function listening({ etcdCa }: GatewaySettings, { traffic, control }: ApisixPorts): object {
  return {
    node_listen: [{ ip, port: traffic }],
    enable_ipv6: false,
    enable_admin: true,
    enable_control: true,
    control: { ip, port: control },
    ssl: { enable: false, ...(etcdCa === undefined ? {} : { ssl_trusted_certificate: etcdCa }) },
  };
}

function etcd({ etcd, etcdUser, etcdCa, prefix }: GatewaySettings): object {
  return {
    host: [etcd.origin],
    prefix,
    ...(etcdUser === undefined ? {} : { user: etcdUser.name, password: etcdUser.password }),
    ...(etcdCa === undefined ? {} : { tls: { verify: true } }),
  };
}

function rest({ workers }: GatewaySettings, { metrics }: ApisixPorts): object {
  return {
    nginx_config: {
      worker_processes: workers,
      error_log: '/dev/stderr',
      error_log_level: 'warn',
      http: { enable_access_log: false },
      // Nothing of its own tells which worker answers.
      http_server_configuration_snippet: `add_header ${workerHeader} $pid always;\n`,
    },
    plugin_attr: { prometheus: { export_addr: { ip, port: metrics } } },
  };
}

/** Whole ones, at least one. */
function seconds({ watchTimeoutMs }: GatewaySettings): number {
  return Math.max(1, Math.round(watchTimeoutMs / 1_000));
}
