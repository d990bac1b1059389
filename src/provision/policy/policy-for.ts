import { systemClock } from '../../clock.ts';
import type { Settings } from '../../settings/settings.ts';
import { version } from '../../version.ts';
import type { Artifacts } from '../artifacts.ts';
import { Aws } from '../aws/aws.ts';
import { Owner } from '../aws/owner.ts';
import { partitionOf } from '../aws/partition.ts';
import { catalogue } from '../catalogue.ts';
import { noIntents } from '../engine/engine.ts';
import { namesOf } from '../names.ts';
import { noRecords } from '../stack.ts';
import type { PolicyContext } from './iam-scope.ts';
import { type Policy, policyOf } from './policy-of.ts';
import { usesOf, type Verb } from './verbs.ts';

export interface PolicyRequest {
  /** Without it: the policy for everything that can be typed. */
  verb?: Verb;
  settings: Settings;
  /** Twelve digits, or `*` for the account of whoever has the policy. */
  account: string;
  region: string;
  artifacts: Artifacts;
}

/** The least that allows a verb for a stack, from the operations that run. Calls nothing. */
export function policyFor({ verb, settings, account, region, artifacts }: PolicyRequest): Policy {
  const ground: PolicyContext = {
    settings,
    names: namesOf(settings.stack),
    account,
    region,
    partition: partitionOf(region),
  };
  const resources = catalogue({
    ...ground,
    given: {},
    aws: new Aws({ clock: systemClock, jitter: Math.random, region }),
    owner: new Owner({ stack: settings.stack, region, version, tags: settings.tags }),
    intents: { ...noIntents, ...noRecords },
    artifacts,
    caller: '',
    publicAddress: async () => undefined,
    password: async () => '',
  });
  return policyOf(usesOf(verb, resources), ground);
}
