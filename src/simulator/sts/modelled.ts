import type { Modelled } from '../modelled.ts';

export const stsModelled: readonly Modelled[] = [
  { operations: ['GetCallerIdentity'], what: 'The account and a caller.', source: 'API reference, GetCallerIdentity' },
];
