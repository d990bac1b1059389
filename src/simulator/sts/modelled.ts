import type { Modelled } from '../coverage.ts';

export const stsModelled: readonly Modelled[] = [
  { operations: ['GetCallerIdentity'], what: 'The account and a caller.', source: 'API reference, GetCallerIdentity' },
];
