import type { z } from 'zod';
import type { schema } from './schema.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The settings of one stack with every default filled in, validated. Never holds a password. */
export type Settings = DeepReadonly<z.output<typeof schema>>;
