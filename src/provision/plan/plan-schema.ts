import { z } from 'zod';
import type { PlanDocument } from './plan-file.ts';

const text = z.string();
const texts = z.array(text);

const difference = z.looseObject({
  what: text,
  is: text.optional(),
  wanted: text.optional(),
  words: text.optional(),
  operations: texts.optional(),
  how: z.enum(['update', 'replace', 'ended']),
});

const thing = { id: text, title: text, awsId: text.optional() };

/** What of a plan file is relied on. A later version may have more in it. */
const schema = z.looseObject({
  version: z.literal(1),
  stack: text,
  account: text,
  region: text,
  changes: z.array(
    z.looseObject({
      ...thing,
      action: z.enum(['create', 'update', 'replace', 'adopt', 'remove']),
      operations: texts,
      differences: z.array(difference),
    }),
  ),
  basis: z.looseObject({
    tool: text,
    settings: z.record(text, z.unknown()),
    code: z.strictObject({ function: text, layer: text }),
    unchanged: z.array(z.looseObject(thing)),
    consent: z.strictObject({
      adopt: z.boolean().optional(),
      replace: texts.optional(),
      removeSurplus: texts.optional(),
    }),
  }),
});

/** Settings are not nested deeper. */
const deepest = 20;

/** Whether a value that was JSON has the shape of a plan. */
export const isPlan = (value: unknown): value is PlanDocument =>
  isShallow(value, deepest) && schema.safeParse(value).success;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every(inner => isShallow(inner, levels - 1));
}
