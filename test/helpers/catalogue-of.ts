import { Aws } from '../../src/provision/aws/aws.ts';
import { Owner } from '../../src/provision/aws/owner.ts';
import { catalogue } from '../../src/provision/catalogue.ts';
import { noIntents } from '../../src/provision/engine/engine.ts';
import { namesOf } from '../../src/provision/names.ts';
import { type AwsResource, noRecords } from '../../src/provision/stack.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { version } from '../../src/version.ts';
import { secretPassword, settingsWith, smallArtifacts } from './simulated-stack.ts';

/** The resources of a stack with these settings, to look at what they say of themselves: nothing is called. */
export function catalogueOf({ world }: Simulator, given: object = {}): AwsResource[] {
  const settings = settingsWith(given);
  const { clock, region, account } = world;
  return catalogue({
    aws: new Aws({ clock, region, jitter: () => 0 }),
    given: {},
    settings,
    names: namesOf(settings.stack),
    owner: new Owner({ stack: settings.stack, region, version, tags: settings.tags }),
    account,
    region,
    partition: 'aws',
    caller: `arn:aws:iam::${account}:user/operator`,
    artifacts: smallArtifacts,
    intents: { ...noIntents, ...noRecords },
    publicAddress: async () => undefined,
    password: async () => secretPassword,
  });
}
