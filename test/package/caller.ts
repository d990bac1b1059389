import { systemClock } from '../../src/clock.ts';
import { Aws } from '../../src/provision/aws/aws.ts';

/** Asks AWS who calls, with the credentials that every AWS tool would find. Bundled by credentials.test.ts. */
const aws = new Aws({ clock: systemClock, jitter: Math.random, region: 'eu-west-1', profile: process.argv[2] });
await aws.call('sts:GetCallerIdentity', {});
aws.destroy();
