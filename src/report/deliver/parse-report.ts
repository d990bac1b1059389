import * as z from 'zod/mini';
import { Problem } from '../../problem.ts';
import type { Report } from '../report.ts';

const text = z.string();
const instant = text.check(z.refine(value => !Number.isNaN(Date.parse(value))));

/** What a report of any version has; fields are only ever added. */
const schema = z.looseObject({
  version: z.literal(1),
  stack: text,
  window: z.looseObject({ from: instant, to: instant, timezone: text }),
  locale: text,
  currency: z.nullable(text),
  sales: text,
  orders: z.number(),
});

/** Reads a report as it is kept in the archive under `key`. Throws Problem `unreadable`. */
export function parseReport(key: string, json: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw unreadable(key);
  }
  if (!schema.safeParse(value).success) throw unreadable(key);
  return value as Report;
}

/**
 * Does something with a report that was read. What fails for its shape is a Problem `unreadable`, which names the
 * object.
 */
export async function usingReport<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TypeError || error instanceof RangeError ? unreadable(key, error) : error;
  }
}

const unreadable = (key: string, cause?: unknown) =>
  new Problem('unreadable', `The archive's object ${key} is no report that can be read.`, {
    next: 'The bucket keeps earlier versions of it: restore one of these.',
    cause,
  });
