import { AwsError, NotSimulated } from '../aws-error.ts';
import type { RuleTarget } from './state.ts';

type Transformer = NonNullable<RuleTarget['transformer']>;

const placeholder = /<([\w-]+)>/g;

/**
 * Throws what EventBridge throws for a transformer whose template names a value that it does not take out of the event.
 */
export function verifyTransformer({ InputPathsMap = {}, InputTemplate = '' }: Transformer): void {
  const invalid = (why: string) => new AwsError('ValidationException', `Invalid InputTemplate for target: ${why}`);
  if (InputTemplate === '') throw invalid('it is empty.');
  for (const [, name = ''] of InputTemplate.matchAll(placeholder))
    if (InputPathsMap[name] === undefined) throw invalid(`${name} is not in InputPathsMap.`);
  for (const path of Object.values(InputPathsMap))
    if (!/^\$(\.[\w-]+)+$/.test(path)) throw new NotSimulated(`the path ${path} of an input transformer`);
}

/**
 * What a target gets of an event. A text is put in with quotes of its own (EventBridge user guide, "Input
 * transformation").
 */
export function inputOf({ transformer }: RuleTarget, event: Record<string, unknown>): unknown {
  if (!transformer) return event;
  const { InputPathsMap = {}, InputTemplate = '' } = transformer;
  const valueAt = (path: string): unknown =>
    path
      .split('.')
      .slice(1)
      .reduce<unknown>((value, member) => (value as Record<string, unknown> | undefined)?.[member], event);
  return JSON.parse(InputTemplate.replace(placeholder, (_, name) => JSON.stringify(valueAt(InputPathsMap[name]!))));
}
