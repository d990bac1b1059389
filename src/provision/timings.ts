interface Timing {
  /** The median, s. */
  seconds: number;
  /** As a share: 0.2 is between 0.8 and 1.2 times the median. */
  spread: number;
  /** At worst, s, where somebody has seen or AWS says a figure. */
  slow?: number;
  /** Of the median, and after a semicolon of what is slow. */
  source: string;
}

/** How long AWS takes. The simulator lives by this table. Sources: medians of public logs, collected 2026-11. */
const table = {
  'call.read': { seconds: 0.15, spread: 0.4, source: 'typical EC2 and IAM read from the same continent' },
  'call.write': { seconds: 0.5, spread: 0.4, source: 'typical EC2 and IAM write from the same continent' },
  'subnet.available': {
    seconds: 1,
    spread: 0.5,
    source: 'gardener/gardener-extension-provider-aws#1397: a subnet is pending for a moment; the length is a guess',
  },
  'gateway.attached': {
    seconds: 1,
    spread: 0.5,
    source: 'terraform-provider-aws, waitInternetGatewayAttached: attaching for a moment; the length is a guess',
  },
  'nat.available': {
    seconds: 106,
    spread: 0.15,
    slow: 125,
    source: 'median of nine terraform apply logs, 95-125 s; the slowest of them',
  },
  'nat.deleted': {
    seconds: 61,
    spread: 0.1,
    slow: 180,
    source:
      'median of seven terraform destroy logs, 53-62 s; VPC user guide, "Work with NAT gateways": one to three minutes',
  },
  'address.freed': {
    seconds: 5,
    spread: 1,
    source: 'kubernetes/kops#938: an address is refused for some seconds after its gateway reads deleted',
  },
  'instance.running': {
    seconds: 14,
    spread: 0.15,
    slow: 60,
    source: 'two terraform logs, 12 s and 16 s; cdkd, cli-reference: 30-60 s',
  },
  'instance.refused': {
    seconds: 4,
    spread: 0.5,
    source: 'EC2 user guide, "Instance terminates immediately": pending, then terminated; the length is a guess',
  },
  'instance.terminated': {
    seconds: 25,
    spread: 0.2,
    source: 'two terraform logs, 20 s and 29 s',
  },
  'snapshot.completed': {
    seconds: 90,
    spread: 0.5,
    source:
      'EBS user guide, "Create EBS snapshots": pending until the blocks are in S3; the length for 8 GB is a guess',
  },
  'host.ready': {
    seconds: 100,
    spread: 0.2,
    slow: 300,
    source:
      'boot to SSH 40 s (hashicorp/packer#5705), and about a minute of package installation; boot to status 2/2 3-5 min (ansible-collections/amazon.aws#481, hashicorp/packer#5710)',
  },
  'function.active': {
    seconds: 75,
    spread: 0.2,
    slow: 600,
    source:
      'AWS blog on Lambda states: VPC functions 60-90 s; Lambda developer guide, states of functions in a VPC: 5-10 min at worst',
  },
  'function.updated': {
    seconds: 5,
    spread: 0.4,
    slow: 25,
    source: 'aws-cdk: update of a function outside or leaving a VPC, 1-25 s; the end of that',
  },
  'function.deleted': { seconds: 2, spread: 0.5, source: 'DeleteFunction answers before the function is gone' },
  'interfaces.released': {
    seconds: 240,
    spread: 0.2,
    slow: 2_100,
    source:
      'cdkd ledger: detach first, whole deploy and destroy cycle 302-424 s; pulumi/pulumi-aws#4382: 35 min in 99 of 100 cases; AWS says up to 20',
  },
  'endpoint.available': { seconds: 5, spread: 0.4, source: 'gateway endpoints are route entries' },
  'scheduleGroup.deleted': {
    seconds: 3,
    spread: 0.5,
    source:
      'Scheduler user guide, "Deleting a schedule group": DELETING until its schedules are gone; the length is a guess',
  },
  'bucket.nameFree': {
    seconds: 60,
    spread: 0.5,
    source: 're:Post, "OperationAborted": the name of a deleted bucket is refused for a while; the length is a guess',
  },
  'role.assumable': {
    seconds: 9,
    spread: 0.3,
    slow: 900,
    source: 'cdkd source note: 7-12 s; AWS support in hashicorp/terraform-provider-aws#44517: up to 15 min',
  },
  'profile.usable': {
    seconds: 8,
    spread: 0.3,
    slow: 900,
    source: 'cdkd benchmarks: 7.9 s with a new name; as a role: up to 15 min',
  },
} as const satisfies Record<string, Timing>;

export type TimingName = keyof typeof table;

export const timings: Record<TimingName, Timing> = table;

/** How long it takes at worst, s: the slow figure, or where nobody knows one the end of the spread. */
export function worstOf(timing: TimingName): number {
  const { seconds, spread, slow = seconds * (1 + spread) } = timings[timing];
  return slow;
}
