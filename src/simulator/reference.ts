import { timings } from '../provision/timings.ts';
import { type Modelled, modelled } from './modelled.ts';
import type { Simulated } from './service.ts';
import { services } from './simulator.ts';

const titles: Record<keyof typeof modelled, string> = {
  ec2: 'EC2 and VPC',
  iam: 'IAM',
  lambda: 'Lambda',
  logs: 'CloudWatch Logs',
  ssm: 'Systems Manager',
  s3: 'S3',
  sns: 'SNS',
  events: 'EventBridge',
  scheduler: 'EventBridge Scheduler',
  servicequotas: 'Service Quotas',
  sts: 'STS',
};

/** docs/simulator.md. */
export function buildSimulatorPage(): string {
  return `<!-- Made from src/simulator/ by npm run docs. -->

# The simulator

AWS in memory. It plays \`salesreport demo\` and \`salesreport provision --simulate\`, which need no account and leave nothing behind, and most tests run on it. It stands
under the real SDK clients, right after their retries: what the tool sends and how it takes an answer is the same as with AWS. It is not AWS: what it does is what AWS's
documentation and the reports of others say, and the last columns below name them. Wire tests hold it against two public emulators ([emulators.md](emulators.md)).

It is strict. An operation or a parameter that it does not know ends the call with \`NotSimulated\`, so that nothing is silently ignored; a parameter that AWS would refuse
is refused with AWS's own name for it.

## Time and chance

- Time is virtual. It moves only when everybody waits, from one instant at which something happens to the next: a pipeline of two minutes takes part of a second. The demo
  and \`--simulate\` slow it down, so that it can be watched.
- A seed gives the same run again: the same ids, latencies, calls and instants. Each draw depends on the seed and on what it is for, so that a new one moves no other.
  The demo and \`--simulate\` have seed 1.
- A new id, name or tag can be made invisible for a while (\`lag\`), as AWS's are.
- All of it can be copied at any instant (\`fork\`), and the copy lives on by itself: what was sent before still has its effect in it. So a test kills a process at each of
  its calls without playing the beginning again.
- Each attempt can go wrong (\`fault\`): throttled, a 500 before or after the effect, a lost answer, expired credentials, a denied permission, or the death of the calling
  process before or after the effect.

## Who may do what

The operator may do everything, unless a test gives it policies. Then each call of the tool is held against them as AWS holds it: by action, ARN, tags of the request and of the
thing, region, and the service to which a role is passed. \`src/simulator/authorization\` has a row for each operation, from the Service Authorization Reference and
from nothing of the tool's. A refusal has the service's own name and AWS's words. EC2's \`DryRun\` asks only that. A function has the permissions of its role, and so have Lambda where it
makes interfaces and writes the log, a host where it reads its secret, and EventBridge Scheduler where it starts the function.

\`src/simulator/world.ts\` lists what a test may set, \`inventory(world)\` says what is there without asking the tool, \`world.sns.mailbox\` is what readers got, and
\`fire(world, rule, time)\` and \`fireSchedule(world, group, schedule, time)\` do what EventBridge does at a scheduled time.

## How long things take

Seconds: the median with the spread to either side, which the profile \`typical\` draws from, and what the profile \`slow\` takes instead where somebody has seen or AWS
names a figure. The sources are of the median, and after a semicolon of what is slow.

| what | seconds | spread | slow | source |
|---|---|---|---|---|
${Object.entries(timings)
  .map(
    ([name, { seconds, spread, slow, source }]) =>
      `| \`${name}\` | ${seconds} | ${Math.round(spread * 100)} % | ${slow ?? ''} | ${source} |`,
  )
  .join('\n')}

## What is modelled
${Object.entries(modelled)
  .map(([service, rows]) => serviceSection(service as keyof typeof modelled, rows))
  .join('')}`;
}

function serviceSection(service: keyof typeof modelled, rows: readonly Modelled[]): string {
  const operations = services[service] as Record<string, Simulated<object, object>>;
  return `
### ${titles[service]}

| operations | what is modelled | source |
|---|---|---|
${rows.map(({ operations: names, what, source }) => `| ${names.map(name => `\`${name}\``).join(' ')} | ${what} | ${source} |`).join('\n')}

Parameters that are known:

${rows
  .flatMap(({ operations: names }) => names)
  .map(name => `- \`${name}\`: ${operations[name]!.takes.join(', ') || 'none'}`)
  .join('\n')}
`;
}
