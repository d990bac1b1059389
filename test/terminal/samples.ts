import { Chalk } from 'chalk';
import type { Certificate, Outcome, Plan } from '../../src/provision/engine/outcome.ts';
import type { Basis, Planned } from '../../src/provision/plan/planned.ts';
import type { Entry } from '../../src/report/deliver/entry.ts';
import { schema } from '../../src/settings/schema.ts';
import type { Canvas } from '../../src/terminal/canvas.ts';
import type { ChecksShown } from '../../src/terminal/views.ts';
import { version } from '../../src/version.ts';

export const plain = (width = 80): Canvas => ({ width, style: new Chalk({ level: 0 }) });

export const place = { stack: 'salesreport', account: '123456789012', region: 'eu-west-1' };

/** So many resources that stay as they are. */
export const unchanged = (count: number): Plan['unchanged'] =>
  Array.from({ length: count }, (_, index) => ({
    id: `thing.${index}`,
    title: `Thing ${index}`,
    awsId: `thing-${index}`,
  }));

const { profile: _profile, ...settings } = schema.parse({});
const basis: Basis = {
  tool: version,
  settings,
  code: { function: 'f0', layer: '1a' },
  unchanged: unchanged(2),
  consent: {},
};

export const plan: Planned = {
  changes: [
    {
      id: 'vpc',
      title: 'VPC Lab VPC',
      action: 'create',
      operations: ['ec2:CreateVpc', 'ec2:ModifyVpcAttribute'],
      differences: [],
      permissions: ['ec2:CreateTags', 'ec2:CreateVpc', 'ec2:ModifyVpcAttribute'],
      monthly: '0.00',
      seconds: 1,
    },
    {
      id: 'nat-gateway',
      title: 'NAT gateway',
      action: 'create',
      operations: ['ec2:CreateNatGateway'],
      differences: [],
      permissions: ['ec2:CreateNatGateway', 'ec2:CreateTags'],
      monthly: '32.85',
      seconds: 108.4,
    },
    {
      id: 'role.database-host',
      title: 'role salesAnalysisReportDatabaseHostRole',
      action: 'create',
      operations: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'],
      differences: [],
      permissions: [
        'iam:AddRoleToInstanceProfile',
        'iam:CreateInstanceProfile',
        'iam:CreateRole',
        'iam:PassRole',
        'iam:PutRolePolicy',
      ],
      monthly: '0.00',
      seconds: 2,
    },
    {
      id: 'function',
      title: 'function salesAnalysisReportDataExtractor',
      action: 'update',
      operations: ['lambda:UpdateFunctionConfiguration'],
      differences: [
        { what: 'memory', is: '256 MB', wanted: '512 MB', how: 'update' },
        { what: 'environment variable CURRENCY', wanted: 'EUR', how: 'update' },
      ],
      permissions: ['iam:PassRole', 'lambda:GetLayerVersion', 'lambda:UpdateFunctionConfiguration'],
      monthly: '0.00',
      seconds: 7.4,
    },
    {
      id: 'rule',
      title: 'rule salesAnalysisReportSchedule',
      action: 'remove',
      operations: ['events:DeleteRule'],
      differences: [],
      awsId: 'r',
      permissions: ['events:DeleteRule'],
      monthly: '0.00',
      seconds: 0.5,
    },
    {
      id: 'host.cli',
      title: 'Administration host CLI Host',
      action: 'remove',
      operations: ['ec2:TerminateInstances'],
      differences: [],
      awsId: 'i-0a1b2c3d4e5f60718',
      permissions: ['ec2:TerminateInstances'],
      monthly: '-10.42',
      seconds: 27.4,
    },
  ],
  surplus: [],
  unchanged: unchanged(2),
  unfinished: [],
  notes: [
    'checkip.amazonaws.com did not answer, so no rule for SSH is made: set network.adminCidr to your address to have one.',
  ],
  cost: {
    added: '32.85',
    removed: '10.42',
    parts: [
      { what: 'NAT gateway', monthly: '32.85' },
      { what: 't4g.micro host', monthly: '-6.13' },
      { what: 'public IPv4 address', monthly: '-3.65' },
      { what: '8 GB of gp3 disk', monthly: '-0.64' },
    ],
  },
  time: {
    seconds: 141,
    atWorst: 380,
    path: ['VPC Lab VPC', 'NAT gateway', 'function salesAnalysisReportDataExtractor'],
  },
  permissions: ['ec2:CreateNatGateway'],
  basis,
};

/** Nothing to change. */
export const unchangedPlan: Planned = {
  changes: [],
  surplus: [],
  unchanged: unchanged(31),
  unfinished: [],
  notes: [],
  cost: { added: '0.00', removed: '0.00', parts: [] },
  time: { seconds: 1, atWorst: 1, path: [] },
  permissions: [],
  basis: { ...basis, unchanged: unchanged(31) },
};

export const outcomes: Outcome[] = [
  { id: 'vpc', title: 'VPC Lab VPC', outcome: 'created', awsId: 'vpc-0a1b2c3d4e5f60718', seconds: 2.13 },
  { id: 'nat', title: 'NAT gateway', outcome: 'created', awsId: 'nat-0a1b2c3d4e5f60718', seconds: 106.4 },
  {
    id: 'topic',
    title: 'topic salesAnalysisReportTopic',
    outcome: 'unchanged',
    awsId: 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic',
    seconds: 0,
  },
  {
    id: 'host.database',
    title: 'host Web Server 1',
    outcome: 'failed',
    seconds: 12,
    why: 'AWS has no capacity for t4g.micro in eu-west-1a: try again, or set hosts.instanceType.',
  },
  {
    id: 'function',
    title: 'function salesAnalysisReportDataExtractor',
    outcome: 'skipped',
    seconds: 0,
    why: 'host Web Server 1 is not ready',
  },
];

export const certificate: Certificate = {
  removed: [
    {
      id: 'vpc',
      title: 'VPC Lab VPC',
      awsId: 'vpc-0a1b2c3d4e5f60718',
      asked: 'ec2:DescribeVpcs',
      answer: 'InvalidVpcID.NotFound',
    },
    {
      id: 'topic',
      title: 'topic salesAnalysisReportTopic',
      awsId: 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic',
      asked: 'sns:GetTopicAttributes',
      answer: 'NotFoundException',
    },
  ],
  kept: [],
  left: [],
  strangers: [],
  pending: ['1 reader had not confirmed: AWS forgets the request within two days.'],
  at: '2026-11-25T13:20:05.123Z',
  seconds: 301.2,
};

const entry = (to: string, state: Entry['state'], more: Partial<Entry> = {}): Entry => ({
  version: 2,
  from: new Date(Date.parse(to) - 86_400_000).toISOString(),
  to: new Date(to).toISOString(),
  state,
  at: new Date(to).toISOString(),
  schedule: 'cron(0 16 ? * MON-SAT *) UTC',
  revision: 0,
  sent: [],
  ...more,
});

const sent = [{ messageId: '6f3c9d2e', subject: 'Sales', revision: 0, at: '2026-11-24T16:00:04.000Z' }];

/** Reports of each kind, the latest first. */
export const ledgerEntries: Entry[] = [
  entry('2026-11-25T16:00Z', 'blocked', { why: '12 orders have no amount.', totals: { sales: '120.50', orders: 24 } }),
  entry('2026-11-24T16:00Z', 'sent', { totals: { sales: '1234.50', orders: 145 }, sent, revision: 1 }),
  entry('2026-11-23T16:00Z', 'archived', { totals: { sales: '980.00', orders: 99 } }),
  entry('2026-11-21T16:00Z', 'held', { why: 'It waits until 19:00 for data that are late.' }),
  entry('2026-11-20T16:00Z', 'failed', { why: 'No answer from 10.0.0.10:3306.' }),
];
/** Checks of a window of which some found something. */
export const checked: ChecksShown = {
  source: 'database',
  window: { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z', timezone: 'UTC' },
  locale: 'en-GB',
  decision: 'block',
  checks: [
    {
      id: 'schema.columns',
      outcome: 'pass',
      count: null,
      ids: [],
      words: 'Every table and column is there.',
      seconds: 0,
    },
    {
      id: 'order.amount.null',
      outcome: 'fail',
      policy: 'block',
      count: 12,
      ids: ['17', '18', '19', '20', '21'],
      words: '12 orders have no amount: in Orders, and not in Sales.',
      seconds: 0.02,
    },
    {
      id: 'order.unique',
      outcome: 'error',
      count: null,
      ids: [],
      words: 'This could not be checked: it did not finish in its time.',
      seconds: 5,
    },
    {
      id: 'item.orphan.product',
      outcome: 'warn',
      count: 1,
      ids: ['99'],
      words: '1 item of 2.90 names no product that exists: shown as "Unassigned product".',
      seconds: 0,
    },
  ],
};
