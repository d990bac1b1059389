import { timings } from '../provision/timings.ts';
import { type Modelled, modelled } from './coverage.ts';
import { seenAtOnce, seenLate } from './eventual-consistency.ts';
import { faults } from './fault.ts';
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

const sentence = (words: readonly string[]): string => `${words.join(', ')}.`;

/** docs/contributing/simulator.md. */
export function buildSimulatorPage(): string {
  return `<!-- Made from src/simulator/ by npm run docs. -->

# The simulator

AWS in memory. It plays \`salesreport demo\` and \`salesreport provision --simulate\`, which need no account and leave nothing behind, and most tests run on it. It stands
under the real SDK clients, right after their retries: what the tool sends and how it takes an answer is the same as with AWS. It is not AWS: what it does is what AWS's
documentation and the reports of others say, and the last columns below name them. Wire tests hold it against two public emulators ([emulators.md](emulators.md)).

It is strict. An operation or a parameter that it does not know ends the call with \`NotSimulated\`, so that nothing is silently ignored; a parameter that AWS would refuse
is refused with AWS's own name for it. What no operation here makes cannot be there: peerings, load balancers, addresses on instances.

## Time and chance

- Time is virtual. It moves only when everybody waits, from one instant at which something happens to the next: a pipeline of two minutes takes part of a second. The demo
  and \`--simulate\` slow it down, so that it can be watched.
- A seed gives the same run again: the same ids, latencies, calls and instants. Each draw depends on the seed and on what it is for, so that a new one moves no other.
  The demo and \`--simulate\` have seed 1.
- All of it can be copied at any instant (\`fork\`), and the copy lives on by itself: what was sent before still has its effect in it. So a test kills a process at each of
  its calls without playing the beginning again.

## What is seen late

AWS answers a create before everybody in AWS knows of it. How long that takes is the world's \`lag\`: none in the demo and with \`--simulate\`; 0, 2 and 15 seconds in the tests. What is
new is there at once: its name, range or key is taken, and it stands in the way of what it depends on. But who asks for it does not find it, by id, by name or in a list,
before the lag is over. So it is with each:

> ${sentence(seenLate)}

A tag that is given later is seen late too. An internet gateway reads as attached before routes know of it, and a default group is listed after its VPC. What was taken away is
not found any more at once, but IAM counts it for the lag when a role or profile is to go, and EventBridge a target when its rule is. Never late is each of these, once the thing
itself is seen:

> ${sentence(seenAtOnce)}

Beside that, other services know a new role or profile, and a changed policy, only after a while of their own (\`role.assumable\`, \`profile.usable\` below). Sources: EC2 developer
guide, "Eventual consistency"; IAM user guide, "Troubleshoot IAM"; S3 user guide, "Amazon S3 data consistency model"; hashicorp/terraform#14707.

## Tokens

Where AWS takes a ClientToken, the same token makes one thing: asked again it gives that thing, with other parameters \`IdempotentParameterMismatch\`, and it goes on giving it when
it is dead: a NAT gateway that failed or was deleted, a route table or endpoint that is gone. Of an instance that was terminated it says \`IdempotentInstanceTerminated\`. Sources: EC2
developer guide, "Ensuring idempotency"; boto/boto3#4406.

## What goes wrong

A test decides it for each attempt, by operation and by how often that was tried (\`fault\`):

${Object.entries(faults)
  .map(([fault, words]) => `- \`${fault}\`: ${words}`)
  .join('\n')}
- an error of any name and words, and no effect

A test may also do by hand what an operator, another tool or AWS itself does: strangers in the VPC, GuardDuty's endpoint and group (\`letGuardDutyIn\`), gateways and peerings (\`attachments.ts\`), rules, routes and policies that
somebody changed, a NAT gateway, function or host that fails, readers who confirm or leave.

## Who may do what

The operator may do everything, unless a test gives it policies: its own, a permissions boundary, service and resource control policies of an organization, a session policy, the policy of
a VPC endpoint. Then each call of the tool is held against them as AWS holds it: by action, ARN, tags of the request and of the thing, region, the service to which a role is passed, what a
launch says of its host, and what a test says of the credentials (\`keys\`). Conditions have AWS's operators and set operators, a key that the request lacks makes a negated one and …IfExists
true, and a property test holds all of that against another evaluation. ARNs, endpoints, regions and IAM's region are those of the partition: \`aws\`, \`aws-cn\`, \`aws-us-gov\`. \`src/simulator/authorization\` has a row for each operation, from the Service Authorization Reference and
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
