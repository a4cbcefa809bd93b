/** The plugins that there are: an explicit list, one file each. */
import { cors } from './cors.ts';
import { faultInjection } from './fault-injection.ts';
import { ipRestriction } from './ip-restriction.ts';
import { keyAuth } from './key-auth.ts';
import { limitCount } from './limit-count.ts';
import { limitReq } from './limit-req.ts';
import { mocking } from './mocking.ts';
import type { Plugin } from './plugin.ts';
import { prometheus } from './prometheus.ts';
import { proxyRewrite } from './proxy-rewrite.ts';
import { redirect } from './redirect.ts';
import { requestId } from './request-id.ts';
import { responseRewrite } from './response-rewrite.ts';
import { trafficSplit } from './traffic-split.ts';
import { uaRestriction } from './ua-restriction.ts';
import { uriBlocker } from './uri-blocker.ts';

export const plugins: readonly Plugin[] = [
  requestId,
  faultInjection,
  mocking,
  cors,
  ipRestriction,
  uaRestriction,
  uriBlocker,
  keyAuth,
  proxyRewrite,
  limitCount,
  limitReq,
  trafficSplit,
  redirect,
  responseRewrite,
  prometheus,
];
