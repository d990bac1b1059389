import { NotSimulated } from '../aws-error.ts';
import { invalid } from './topics.ts';

/** Attribute name -> the values of which one lets a message through. */
export type FilterPolicy = Record<string, string[]>;

/**
 * The policy as SNS keeps it: an empty one is none (AWS CLI reference, set-subscription-attributes, "removes the
 * FilterPolicy attribute").
 */
export function keptFilterPolicy(policy: string): string | undefined {
  return Object.keys(parseFilterPolicy(policy)).length > 0 ? policy : undefined;
}

/**
 * Reads a filter policy. Throws what SNS throws for one that it would not take; of its operators only equality is
 * simulated.
 */
export function parseFilterPolicy(policy: string): FilterPolicy {
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    throw invalid('FilterPolicy: failed to parse JSON.');
  }
  for (const [name, values] of Object.entries(parsed as object)) {
    if (!Array.isArray(values)) throw invalid(`FilterPolicy: "${name}" must be an object or an array`);
    if (values.some(value => typeof value !== 'string'))
      throw new NotSimulated(`the filter on ${name} by anything but equality`);
  }
  return parsed as FilterPolicy;
}

export const passes = (policy: FilterPolicy, attributes: Record<string, string>): boolean =>
  Object.entries(policy).every(([name, values]) => values.some(value => value === attributes[name]));
