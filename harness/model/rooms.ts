/** Names of the rooms of a trial: where the gateway stands with its upstream, and where the upstream for a bad day does. */
export const rooms = { own: 'here', other: 'there' } as const;
