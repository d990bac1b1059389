/** The filter of a subscription, as GetSubscriptionAttributes gives it. */
export interface Filter {
  FilterPolicy?: string;
  /** `MessageAttributes` where it is absent, or `MessageBody`. */
  FilterPolicyScope?: string;
}

/**
 * Whether a subscription lets through what the function publishes with its one attribute `kind` and a text as its body;
 * undefined where the filter uses what is not known here (SNS developer guide, "Amazon SNS subscription filter
 * policies").
 */
export function takes({ FilterPolicy, FilterPolicyScope }: Filter, kind: string): boolean | undefined {
  if (!FilterPolicy) return true;
  // The body of a mail is no JSON, of which alone such a filter lets anything through.
  if (FilterPolicyScope === 'MessageBody') return false;
  return all(parsed(FilterPolicy), kind);
}

/** Whether it is one that the tool gave its readers when reports and notices went to the same topic. */
export function isOwnFilter({ FilterPolicy, FilterPolicyScope = 'MessageAttributes' }: Filter): boolean {
  if (!FilterPolicy || FilterPolicyScope !== 'MessageAttributes') return false;
  const { kind, ...others } = parsed(FilterPolicy);
  const kinds = Array.isArray(kind) ? kind : [];
  return (
    Object.keys(others).length === 0 &&
    kinds.includes('report') &&
    kinds.every(one => one === 'report' || one === 'notice')
  );
}

function parsed(policy: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(policy)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Every key of a policy has to match. */
function all(policy: Record<string, unknown>, kind: string): boolean | undefined {
  return every(
    Object.entries(policy).map(([key, rules]) => {
      if (key === '$or') return some([rules].flat().map(one => all(Object(one), kind)));
      return some([rules].flat().map(rule => matches(rule, key === 'kind' ? kind : undefined)));
    }),
  );
}

/** One rule for an attribute; `value` is undefined where the message has none of that name. */
function matches(rule: unknown, value: string | undefined): boolean | undefined {
  if (typeof rule !== 'object' || rule === null) return value !== undefined && rule === value;
  const [[operator, operand] = []] = Object.entries(rule);
  if (operator === 'exists') return operand === (value !== undefined);
  if (value === undefined) return false;
  if (operator === 'prefix' && typeof operand === 'string') return value.startsWith(operand);
  if (operator === 'suffix' && typeof operand === 'string') return value.endsWith(operand);
  if (operator === 'equals-ignore-case') return String(operand).toLowerCase() === value.toLowerCase();
  if (operator === 'anything-but' && typeof operand !== 'object') return operand !== value;
  if (operator === 'anything-but' && Array.isArray(operand)) return !operand.includes(value);
  return undefined;
}

const some = (answers: readonly (boolean | undefined)[]): boolean | undefined =>
  answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
const every = (answers: readonly (boolean | undefined)[]): boolean | undefined =>
  answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
