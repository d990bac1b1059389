import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../src/provision/engine/outcome.ts';
import type { PipelineStatus } from '../../src/provision/pipeline.ts';
import { type Canvas, canvasOf } from '../../src/terminal/canvas.ts';
import { shown } from '../../src/terminal/harmless.ts';
import { hopsView } from '../../src/terminal/views/hops.ts';
import { outcomesView } from '../../src/terminal/views/outcomes.ts';
import { shortId } from '../../src/terminal/views/place.ts';
import { planTotal } from '../../src/terminal/views/plan.ts';
import { bar, reportView } from '../../src/terminal/views/report.ts';
import { nextRunsView } from '../../src/terminal/views/runs.ts';
import {
  certificateView,
  checksView,
  confirmedView,
  historyView,
  plansView,
  planView,
  provisionedView,
  statusView,
  subscribedView,
  sweptView,
  verifiedView,
} from '../../src/terminal/views.ts';
import { reported } from '../report/reported.ts';
import { lastHour, oddShop } from '../report/rows.ts';
import { certificate, checked, ledgerEntries, outcomes, place, plain, plan, unchanged } from './samples.ts';

const planned = {
  ...place,
  about: [['schedule', 'At 16:00, UTC'] as const, ['settings', 'salesreport.yaml'] as const],
};

describe('plan', () => {
  test('at 80 columns', () => {
    expect(planView(plan, planned, plain())).toMatchInlineSnapshot(`
      "Plan for stack salesreport
        account 123456789012, region eu-west-1
        schedule  At 16:00, UTC
        settings  salesreport.yaml

                                                      $/month        time
        +  VPC Lab VPC                                                1 s
             ec2: CreateVpc ModifyVpcAttribute
        +  NAT gateway                                  32.85  1 min 48 s
             ec2: CreateNatGateway
        +  role salesAnalysisReportDatabaseHostRole                   2 s
             iam: CreateRole PutRolePolicy CreateInstanceProfile
             AddRoleToInstanceProfile
        ~  function salesAnalysisReportDataExtractor                  7 s
             memory: 256 MB -> 512 MB
             environment variable CURRENCY: missing -> EUR
             lambda: UpdateFunctionConfiguration
        -  rule salesAnalysisReportSchedule                           1 s
             removes r
             events: DeleteRule
        -  Administration host CLI Host                -10.42        27 s
             removes i-0a1b2c3d4e5f60718
             ec2: TerminateInstances

      - checkip.amazonaws.com did not answer, so no rule for SSH is made: set
        network.adminCidr to your address to have one.

      + 3 to create, ~ 1 to update, - 2 to remove; 2 stay as they are.

        cost         $32.85 a month more and $10.42 a month less: NAT gateway 32.85,
                     t4g.micro host -6.13, public IPv4 address -3.65,
                     8 GB of gp3 disk -0.64. List prices of us-east-1, 2026-09-20;
                     eu-west-1 has its own. The rest costs next to nothing.
        time         about 2 min 20 s, on a slow day of AWS 6 min 20 s; critical path:
                     VPC Lab VPC > NAT gateway >
                     function salesAnalysisReportDataExtractor
        permissions  salesreport policy provision prints what IAM must allow"
    `);
  });

  test('at 120 columns each change takes fewer lines', () => {
    expect(planView(plan, { ...place, about: [] }, plain(120))).toMatchInlineSnapshot(`
      "Plan for stack salesreport
        account 123456789012, region eu-west-1

                                                      $/month        time
        +  VPC Lab VPC                                                1 s
             ec2: CreateVpc ModifyVpcAttribute
        +  NAT gateway                                  32.85  1 min 48 s
             ec2: CreateNatGateway
        +  role salesAnalysisReportDatabaseHostRole                   2 s
             iam: CreateRole PutRolePolicy CreateInstanceProfile AddRoleToInstanceProfile
        ~  function salesAnalysisReportDataExtractor                  7 s
             memory: 256 MB -> 512 MB
             environment variable CURRENCY: missing -> EUR
             lambda: UpdateFunctionConfiguration
        -  rule salesAnalysisReportSchedule                           1 s
             removes r
             events: DeleteRule
        -  Administration host CLI Host                -10.42        27 s
             removes i-0a1b2c3d4e5f60718
             ec2: TerminateInstances

      - checkip.amazonaws.com did not answer, so no rule for SSH is made: set network.adminCidr to your address to have one.

      + 3 to create, ~ 1 to update, - 2 to remove; 2 stay as they are.

        cost         $32.85 a month more and $10.42 a month less: NAT gateway 32.85, t4g.micro host -6.13,
                     public IPv4 address -3.65, 8 GB of gp3 disk -0.64. List prices of us-east-1, 2026-09-20; eu-west-1 has
                     its own. The rest costs next to nothing.
        time         about 2 min 20 s, on a slow day of AWS 6 min 20 s; critical path: VPC Lab VPC > NAT gateway >
                     function salesAnalysisReportDataExtractor
        permissions  salesreport policy provision prints what IAM must allow"
    `);
  });

  test('nothing to change', () => {
    expect(planTotal({ changes: [], surplus: [], unchanged: unchanged(31), unfinished: [], notes: [] })).toBe(
      'Nothing to change: 31 resources match the settings.',
    );
    expect(
      planTotal({ changes: plan.changes.slice(0, 1), surplus: [], unchanged: unchanged(1), unfinished: [], notes: [] }),
    ).toBe('+ 1 to create; 1 stays as it is.');
  });

  test('a difference whose one side is missing', () => {
    const changes = [{ ...plan.changes[3]!, differences: [{ what: 'tag team', is: 'sales', how: 'update' as const }] }];
    expect(planView({ ...plan, changes }, planned, plain())).toContain('tag team: sales -> none');
  });
});

test('outcomes at 80 columns', () => {
  expect(outcomesView({ outcomes, calls: 142, seconds: 121 }, place, plain())).toMatchInlineSnapshot(`
    "Stack salesreport
      account 123456789012, region eu-west-1

      ✓ created  VPC Lab VPC                                2.1 s
      ✓ created  NAT gateway                                1 min 46 s
      ✗ failed   host Web Server 1                          12 s
      - skipped  function salesAnalysisReportDataExtractor

    - host Web Server 1 failed: AWS has no capacity for t4g.micro in eu-west-1a: try
      again, or set hosts.instanceType.
    - function salesAnalysisReportDataExtractor skipped: host Web Server 1 is not
      ready

    1 failed, 1 skipped, 2 created, 1 unchanged in 2 min 01 s, with 142 AWS calls."
  `);
});

describe('certificate', () => {
  test('of a stack that is gone', () => {
    expect(certificateView(certificate, place, plain())).toMatchInlineSnapshot(`
      "Certificate of removal: stack salesreport
        account 123456789012, region eu-west-1
        2026-11-25 13:20:05 UTC

      Removed: 2, and AWS's answer when each was asked for afterwards
        VPC Lab VPC  vpc-0a1b2c3d4e5f60718     InvalidVpcID.NotFound
        topic        salesAnalysisReportTopic  NotFoundException

      AWS ends this by itself
      - 1 reader had not confirmed: AWS forgets the request within two days.

      Nothing of stack salesreport is left: 2 removed and looked up in 5 min 01 s."
    `);
  });

  test('has the id of each thing, which is on a line of its own where there is no room beside', () => {
    expect(certificateView(certificate, place, plain(60))).toMatchInlineSnapshot(`
      "Certificate of removal: stack salesreport
        account 123456789012, region eu-west-1
        2026-11-25 13:20:05 UTC

      Removed: 2, and AWS's answer when each was asked for afterwards
        VPC Lab VPC  InvalidVpcID.NotFound
          vpc-0a1b2c3d4e5f60718
        topic        NotFoundException
          salesAnalysisReportTopic

      AWS ends this by itself
      - 1 reader had not confirmed: AWS forgets the request within
        two days.

      Nothing of stack salesreport is left: 2 removed and looked
      up in 5 min 01 s."
    `);
  });

  test('has as many rows as it counts, of things with one title too', () => {
    const interfaces = ['eni-0f7177b8f2e848944', 'eni-0cf8d5ca19e827c81'].map(awsId => ({
      id: 'network-interfaces',
      title: 'Network interfaces of the function',
      awsId,
      asked: `ec2:DescribeNetworkInterfaces ${awsId}`,
      answer: 'InvalidNetworkInterfaceID.NotFound',
    }));
    const removed = [...certificate.removed, ...interfaces];
    for (const width of [80, 120]) {
      const lines = certificateView({ ...certificate, removed }, place, plain(width)).split('\n');
      expect(lines).toContain("Removed: 4, and AWS's answer when each was asked for afterwards");
      for (const { awsId, answer } of removed) {
        const id = shortId(awsId);
        const at = lines.findIndex(line => line.split(/ {2,}/).includes(id));
        expect(lines[width === 80 ? at - 1 : at]).toMatch(new RegExp(` ${answer}$`));
      }
      expect(lines.filter(line => removed.some(({ answer }) => line.endsWith(` ${answer}`)))).toHaveLength(4);
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width);
    }
  });

  test('what is kept and left is named', () => {
    const some: Certificate = {
      ...certificate,
      removed: [],
      kept: [
        { id: 'archive', title: 'Archive of the reports', awsId: 'salesreport-archive', why: 'it holds the reports' },
      ],
      left: [
        {
          id: 'subnet.private-a',
          title: 'Private subnet a',
          awsId: 'subnet-0a1b2c3d4e5f60718',
          why: 'AWS still holds eni-0123 of the function in it',
        },
      ],
    };
    expect(certificateView(some, place, plain())).toMatchInlineSnapshot(`
      "Certificate of removal: stack salesreport
        account 123456789012, region eu-west-1
        2026-11-25 13:20:05 UTC

      Left behind: 1
        ✗  Private subnet a  subnet-0a1b2c3d4e5f60718
           AWS still holds eni-0123 of the function in it

      Kept on purpose: 1
        =  Archive of the reports  salesreport-archive
           it holds the reports

      AWS ends this by itself
      - 1 reader had not confirmed: AWS forgets the request within two days.

      1 thing of stack salesreport is left after 5 min 01 s: run the same command
      again, or remove what is named above yourself."
    `);
    expect(certificateView({ ...some, left: [] }, place, plain())).toContain(
      'is left, but for the 1 thing kept on purpose',
    );
    const unchecked = ['Whether you may do all of it was not asked: you may not iam:SimulatePrincipalPolicy.'];
    expect(certificateView({ ...some, unchecked }, place, plain(100))).toContain(unchecked[0]);
  });

  test('of nothing', () => {
    const nothing: Certificate = {
      removed: [],
      kept: [],
      left: [],
      strangers: [],
      pending: [],
      at: certificate.at,
      seconds: 3,
    };
    expect(certificateView(nothing, place, plain())).toMatchInlineSnapshot(`
      "Certificate of removal: stack salesreport
        account 123456789012, region eu-west-1
        2026-11-25 13:20:05 UTC

      There was nothing of stack salesreport to remove."
    `);
  });
});

describe('status', () => {
  const status: PipelineStatus = {
    healthy: false,
    resources: [
      { id: 'vpc', title: 'VPC Lab VPC', state: 'ready', awsId: 'vpc-0a1b2c3d4e5f60718', differences: [] },
      {
        id: 'function',
        title: 'function salesAnalysisReportDataExtractor',
        state: 'differs',
        awsId: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
        differences: plan.changes[3]!.differences,
      },
      {
        id: 'nat',
        title: 'NAT gateway',
        state: 'waiting',
        awsId: 'nat-0a1b2c3d4e5f60718',
        differences: [],
        why: 'it is pending',
      },
      { id: 'rule', title: 'rule salesAnalysisReportSchedule', state: 'missing', differences: [] },
    ],
    moreSubscribers: 0,
    operators: [],
    moreOperators: 0,
    strangers: [],
    notes: [],
    subscribers: [
      { protocol: 'email', endpoint: 'ann@example.com', state: 'confirmed' },
      { protocol: 'email', endpoint: 'bob@example.com', state: 'pending' },
    ],
  };
  const instants = [Date.parse('2026-11-24T16:00Z'), Date.parse('2026-11-25T16:00Z')];
  const nextRuns = { words: 'At 16:00, UTC', instants, timezone: 'UTC' };

  const settings = { timezone: 'UTC', locale: 'en-GB' };
  const from = { kind: 'file', name: 'salesreport.yaml' } as const;
  const unreported = { settings, from, reports: { entries: [], trouble: undefined } };
  const reported = {
    settings,
    from,
    reports: { entries: ledgerEntries.slice(0, 2), trouble: 'The last report is blocked.' },
  };

  test('of a pipeline that does not match the settings', () => {
    expect(statusView({ ...place, ...reported, status, nextRuns }, plain())).toMatchInlineSnapshot(`
      "Stack salesreport
        account 123456789012, region eu-west-1

        ✓ ready    VPC Lab VPC                       vpc-0a1b2c3d4e5f60718
        ~ differs  function                          memory: 256 MB -> 512 MB
                   salesAnalysisReportDataExtractor  environment variable CURRENCY:
                                                     missing -> EUR
        … waiting  NAT gateway                       nat-0a1b2c3d4e5f60718
                                                     it is pending
        ✗ missing  rule salesAnalysisReportSchedule

      Readers
        ✓ confirmed  ann@example.com  email
        … pending    bob@example.com  has not confirmed yet

      Operators, who get notices
        none: the topic of operators is missing

      Last reports
                            Until (UTC)               Sales  Orders
        ✗ blocked           Wed 25 Nov 2026 16:00    120.50      24  12 orders have no
                                                                     amount.
        ✓ sent (revised 1)  Tue 24 Nov 2026 16:00  1,234.50     145  message 6f3c9d2e

      Next runs  At 16:00, UTC
        Tue 24 Nov 2026 16:00 UTC
        Wed 25 Nov 2026 16:00 UTC

      Not healthy: 3 resources do not match the settings; salesreport provision
      updates them.

      The last report is blocked."
    `);
  });

  test('without any settings it says that it compares with the defaults, and advises nothing', () => {
    const view = statusView({ ...place, ...unreported, from: { kind: 'defaults' }, status, nextRuns }, plain());
    expect(view.replace(/\s+/g, ' ')).toContain(
      'not as the defaults want, and nobody has said here what stack salesreport should be: there is no salesreport.yaml, and no record of its last provision. Run it where its settings file is, or name that with --settings.',
    );
    expect(view).not.toContain('salesreport provision');
  });

  test('of nothing, and of all well', () => {
    const missing = { ...status, resources: status.resources.slice(3), subscribers: [] };
    expect(statusView({ ...place, ...unreported, status: missing, nextRuns: 'none' }, plain())).toMatchInlineSnapshot(`
      "Stack salesreport
        account 123456789012, region eu-west-1

      Nothing is deployed yet: salesreport provision builds it."
    `);
    const well = { ...missing, healthy: true, resources: status.resources.slice(0, 1) };
    expect(statusView({ ...place, ...unreported, status: well, nextRuns }, plain())).toMatch(
      /\n\nHealthy: everything matches the settings\. salesreport verify proves it\.$/,
    );
  });

  test('when the report does not come, it says why in the place of the next runs', () => {
    const idle = { ...status, subscribers: [] };
    const view = statusView(
      { ...place, ...unreported, status: idle, nextRuns: 'none: the schedule is missing' },
      plain(),
    );
    expect(view).toContain(
      '\n\nReaders\n  none: the topic is missing\n\nOperators, who get notices\n  none: the topic of operators is missing\n\nNext runs\n  none: the schedule is missing\n\n',
    );
    const topic = { id: 'topic', title: 'topic t', state: 'ready' as const, awsId: 't', differences: [] };
    expect(
      statusView(
        { ...place, ...unreported, status: { ...idle, resources: [topic, ...status.resources] }, nextRuns },
        plain(),
      ),
    ).toContain(
      'Readers\n  none yet: salesreport subscribe email NAME@HOST\n\nOperators, who get notices\n  none: the topic of operators is missing\n\nNext runs  At 16:00, UTC\n',
    );
  });

  test('of what a teardown kept', () => {
    const kept = [
      {
        id: 'archive',
        title: 'Archive of the reports',
        state: 'ready' as const,
        awsId: 'salesreport-archive',
        differences: [],
      },
      ...['vpc', 'topic', 'schedule.rule'].map(id => ({ id, title: id, state: 'missing' as const, differences: [] })),
    ];
    const none = { ...status, resources: kept, subscribers: [] };
    expect(
      statusView({ ...place, ...unreported, status: none, nextRuns: 'none: the schedule is missing' }, plain()),
    ).toMatchInlineSnapshot(`
        "Stack salesreport
          account 123456789012, region eu-west-1

          ✓ ready  Archive of the reports  salesreport-archive

        The pipeline is not there, only what a teardown keeps: salesreport provision
        builds it."
      `);
  });
});

test('the history: what became of each report', () => {
  const settings = { timezone: 'UTC', locale: 'en-GB' };
  expect(historyView({ ...place, settings, entries: ledgerEntries }, plain())).toMatchInlineSnapshot(`
    "Reports of stack salesreport
      account 123456789012, region eu-west-1

                          Until (UTC)               Sales  Orders
      ✗ blocked           Wed 25 Nov 2026 16:00    120.50      24  12 orders have no
                                                                   amount.
      ✓ sent (revised 1)  Tue 24 Nov 2026 16:00  1,234.50     145  message 6f3c9d2e
      - archived          Mon 23 Nov 2026 16:00    980.00      99
      … held              Sat 21 Nov 2026 16:00                    It waits until
                                                                   19:00 for data
                                                                   that are late.
      ✗ failed            Fri 20 Nov 2026 16:00                    No answer from
                                                                   10.0.0.10:3306.

    A blocked report went to nobody: correct the data and run it again with
    salesreport run, or send it as it is with --send-anyway --reason "…"."
  `);
  expect(historyView({ ...place, settings, entries: [] }, plain())).toContain(
    'None yet: salesreport run sends the first',
  );
});

test('readers that were added, were there, and have confirmed', () => {
  const readers = [
    { protocol: 'email', endpoint: 'ann@example.com', state: 'pending' as const, added: true },
    { protocol: 'email', endpoint: 'bob@example.com', state: 'pending' as const },
    { protocol: 'email', endpoint: 'cleo@example.com', state: 'confirmed' as const },
  ];
  expect(subscribedView(readers, plain())).toMatchInlineSnapshot(`
    "  … pending    ann@example.com   AWS has just asked for confirmation
      … pending    bob@example.com   has not confirmed yet
      ✓ confirmed  cleo@example.com  email

    AWS has mailed each pending reader ("AWS Notification - Subscription
    Confirmation"): the report comes only after a click on the link in it. AWS
    forgets the request after two days. Each report ends with a link that
    unsubscribes its reader, whoever or whatever follows it; it does nothing for
    those whom salesreport subscribe confirm LINK confirms in place of the click."
  `);
  expect(subscribedView(readers.slice(2), plain())).toContain('All of them get the report.');
});

test('a confirmed reader: the command that unsubscribes them stands on one line', () => {
  const arn = 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
  const reader = { protocol: 'email', endpoint: 'ann@example.com', state: 'confirmed' as const, arn };
  expect(confirmedView(reader, 'eu-west-1', plain())).toMatchInlineSnapshot(`
    "  ✓ confirmed  ann@example.com  email

    No link in a mail can unsubscribe ann@example.com. Only your account can:
      aws sns unsubscribe --region eu-west-1 --subscription-arn arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
  `);
});

test('hops', () => {
  expect(
    hopsView(
      [
        { hop: 'secret', ok: true, ms: 12.4 },
        { hop: 'tcp', ok: false, ms: 2000, detail: 'no answer from 10.0.0.10:3306 within 2 s' },
        { hop: 'login', ok: false, ms: 0, skipped: true },
      ],
      plain(),
    ),
  ).toMatchInlineSnapshot(`
    "The function's own way to the shop, the topic and the archive
      ✓ secret  12 ms
      ✗ tcp     2000 ms  no answer from 10.0.0.10:3306 within 2 s
      - login            not tried"
  `);
});

describe('the path, verified', () => {
  const data = {
    ...place,
    ok: false,
    seconds: 4.2,
    unproved: ['That a mail arrives: only a report shows it, which salesreport run sends.'],
    hops: [
      { hop: 'schedule', part: 'start' as const, state: 'ok' as const, detail: 'cron(0 16 ? * MON-SAT *) UTC' },
      { hop: 'answer', part: 'function' as const, state: 'ok' as const, ms: 4312.4 },
      {
        hop: 'private route',
        part: 'function' as const,
        state: 'broken' as const,
        why: 'The private route table rtb-0a1b2c3d4e5f60718 has no route to the NAT gateway: run salesreport provision, which restores it.',
      },
      { hop: 'tcp', part: 'shop' as const, state: 'ok' as const, ms: 3, detail: '10.0.0.10:3306' },
      { hop: 'topic', part: 'delivery' as const, state: 'skipped' as const, detail: 'behind private route' },
      {
        hop: 'readers',
        part: 'delivery' as const,
        state: 'warning' as const,
        detail: 'none',
        why: 'Nobody gets the report yet: salesreport subscribe email NAME@HOST adds a reader.',
      },
    ],
  };

  test('what is broken stands below the path, with what to do', () => {
    expect(verifiedView(data, plain())).toMatchInlineSnapshot(`
      "Verified stack salesreport
        account 123456789012, region eu-west-1

      What starts the report
        ✓ schedule                 cron(0 16 ? * MON-SAT *) UTC

      The function and its network path
        ✓ answer          4312 ms
        ✗ private route            see below

      The way to the shop
        ✓ tcp                3 ms  10.0.0.10:3306

      What becomes of the report
        - topic                    behind private route
        ! readers                  none

      ✗ Broken: private route
        The private route table rtb-0a1b2c3d4e5f60718 has no route to the NAT gateway:
        run salesreport provision, which restores it.

      - Nobody gets the report yet: salesreport subscribe email NAME@HOST adds a
        reader.

      Not proved, because it would mail somebody:
      - That a mail arrives: only a report shows it, which salesreport run sends."
    `);
  });

  test('who is at work on the stack is named, and a whole path says so', () => {
    expect(verifiedView({ ...data, atWork: 'ann is provisioning' }, plain())).toContain(
      'ann is provisioning: verify again when',
    );
    const hops = data.hops.filter(({ state }) => state === 'ok');
    expect(verifiedView({ ...data, ok: true, hops }, plain())).toMatch(/Everything else works; it took 4.2 s\.$/);
  });
});

test('T19: the next runs show the hour that a summer time shifts, and say so', () => {
  const instants = ['2026-10-24T16:00Z', '2026-10-26T17:00Z'].map(time => Date.parse(time));
  const words = 'At 18:00, Europe/Berlin';
  expect(nextRunsView({ words, instants, timezone: 'Europe/Berlin' }, plain())).toMatchInlineSnapshot(`
    "Next runs  At 18:00, Europe/Berlin
      Sat 24 Oct 2026 16:00 UTC  Sat 24 Oct 2026 18:00 Europe/Berlin
      Mon 26 Oct 2026 17:00 UTC  Mon 26 Oct 2026 18:00 Europe/Berlin
    The clocks of Europe/Berlin change before Mon 26 Oct 2026 18:00: from then on it
    comes an hour later by UTC."
  `);
});

test('the way into the host that was made', () => {
  const host = {
    id: 'host.cli',
    title: 'host CLI Host',
    outcome: 'created' as const,
    awsId: 'i-0a1b2c3d4e5f60718',
    seconds: 20,
  };
  const data = {
    ...place,
    ok: true,
    plan,
    outcomes: [host],
    calls: 3,
    seconds: 20,
    nextRuns: { words: 'At 00:00, UTC', instants: [0], timezone: 'UTC' },
    next: 'Go on.',
  };
  expect(provisionedView(data, plain())).toContain(
    'The way into CLI Host\n  aws ec2-instance-connect ssh --region eu-west-1 --instance-id i-0a1b2c3d4e5f60718\n' +
      '  aws ssm start-session --region eu-west-1 --target i-0a1b2c3d4e5f60718\n',
  );
  expect(provisionedView({ ...data, ok: false }, plain())).not.toContain('CLI Host\n  aws');
});

test('colours change no line', () => {
  const painted = { ...canvasOf({ write: () => {}, isTTY: true }, { env: {}, color: true }), folds: false };
  const hops = [{ hop: 'tcp' as const, ok: true, ms: 3 }];
  for (const view of [
    (canvas: Canvas) => planView(plan, planned, canvas),
    (canvas: Canvas) => outcomesView({ outcomes, calls: 1, seconds: 1 }, place, canvas),
    (canvas: Canvas) => certificateView(certificate, place, canvas),
    (canvas: Canvas) => hopsView(hops, canvas),
    (canvas: Canvas) => checksView(checked, canvas),
  ]) {
    expect(view(painted)).not.toBe(view(plain()));
    expect(stripVTControlCharacters(shown(view(painted)))).toBe(view(plain()));
  }
});

test('a report, in columns with bars', () => {
  const odd = reported(oddShop, lastHour, { currency: 'EUR' });
  expect(reportView(odd, plain(100))).toMatchInlineSnapshot(`
    "Tue 24 Nov, 11:00 to 12:00: sales €7.30; there is nothing to compare with yet.
    Tue 24 Nov 2026 11:00 to Tue 24 Nov 2026 12:00 UTC (1 h)

                                   against the report before
      Sales (order totals)  €7.30  -€992.70 (-99.3%)
      Orders                4      +3 (+300.0%)
      Average order         €5.15  -€994.85 (-99.5%)
      Units                 10     n/a (was 0)
      Against a week earlier: no data
      Against the mean of the last four such times: no data

    Of the sales: €10.30 sold, -€3.00 refunds or corrections
    Orders without an amount: 1; they are in Orders, and not in Sales
    Items add up to €12.80, which is €5.50 more than the order totals

    By group (items)
      Pastries          ██████████▍       €5.05  39.5%  2 units
      Unassigned group  ████████████████  €7.75  60.5%  8 units

    By product (items)
      Croissant           ████████████████  €5.05  2 units
      Gift card           ████████████████  €5.05   1 unit
      Old tea             ▍                 €0.10   1 unit
      Unassigned product  ████████▎         €2.60  6 units

    ▁▁▁▁▁▁▁▁▁▁█▁
    Last 12: lowest €0.00 (10:00), highest €1,000.00 (11:00), this one €7.30
    Usual or not: not told, since there are fewer than four earlier such times
    Week to date: €1,007.30, against as much of the week before: no data
    Month to date: €1,007.30, against as much of the month before: no data

    By hour (orders)
      11:00  ████████████████  €7.30  4 orders

    As of Tue 24 Nov 2026 17:00: last order Tue 24 Nov 2026 11:59
    Window in UTC: 2026-11-24 11:00 until just before 2026-11-24 12:00
    Run f65bf8352a29: computed from 4 orders and 6 items
    As a page with charts: salesreport history show 2026-11-24T12:00 --open"
  `);
});

test.each([
  [1, '████████████████'],
  [0.5, '████████'],
  [0.008, '▏'],
  [-1, ''],
  [Number.NaN, ''],
])('a bar of %s', (part, drawn) => {
  expect(bar(part)).toBe(drawn);
});

describe('checks of the data', () => {
  test('are told in the order in which they need somebody', () => {
    expect(checksView(checked, plain())).toMatchInlineSnapshot(`
      "Checks of the data
        Mon 23 Nov 2026 16:00 to Tue 24 Nov 2026 16:00 UTC

        FAIL   12  order.amount.null    12 orders have no amount: in Orders,   [0.02s]
                                        and not in Sales. (17, 18, 19, 20,
                                        21, …)
        ERROR      order.unique         This could not be checked: it did not  [5.00s]
                                        finish in its time.
        WARN    1  item.orphan.product  1 item of 2.90 names no product that   [0.00s]
                                        exists: shown as "Unassigned
                                        product". (99)
        PASS       schema.columns       Every table and column is there.       [0.00s]

      Done. PASS=1 WARN=1 FAIL=1 ERROR=1
      A report of these data would be blocked: it would go to nobody."
    `);
  });

  test('at 120 columns each takes fewer lines', () => {
    expect(checksView(checked, plain(120))).toMatchInlineSnapshot(`
      "Checks of the data
        Mon 23 Nov 2026 16:00 to Tue 24 Nov 2026 16:00 UTC

        FAIL   12  order.amount.null    12 orders have no amount: in Orders, and not in Sales. (17, 18, 19, 20, 21,    [0.02s]
                                        …)
        ERROR      order.unique         This could not be checked: it did not finish in its time.                      [5.00s]
        WARN    1  item.orphan.product  1 item of 2.90 names no product that exists: shown as "Unassigned product".    [0.00s]
                                        (99)
        PASS       schema.columns       Every table and column is there.                                               [0.00s]

      Done. PASS=1 WARN=1 FAIL=1 ERROR=1
      A report of these data would be blocked: it would go to nobody."
    `);
  });

  test.each([
    ['send', 'pass', 'A report of these data would be sent.'],
    ['send', 'warn', 'A report of these data would be sent with a notice.'],
    ['hold', 'fail', 'A report of these data would be held until they have come, or have been waited for long enough.'],
  ] as const)('%s, where one is %s', (decision, outcome, sentence) => {
    const checks = [{ ...checked.checks[0]!, outcome }];
    expect(checksView({ ...checked, checks, decision }, plain(120))).toContain(`\n${sentence}`);
  });

  test('of the sample shop say so first', () => {
    expect(checksView({ ...checked, source: 'sample' }, plain())).toMatch(/^SAMPLE DATA: /);
  });

  test('and how the database finds what they ask for', () => {
    const plans = [
      { name: 'totals', steps: ['order: reads every row, about 2000000 rows'] },
      {
        name: 'order.alike',
        steps: ['order: by the index PRIMARY, about 1 row', 'order_item: by the index PRIMARY, about 3 rows'],
      },
      { name: 'order.future', steps: [] },
    ];
    const missing = [
      'There is no index on order.order_date_time: CREATE INDEX order_date_time ON `order` (order_date_time);',
    ];
    expect(plansView({ plans, missing }, plain())).toMatchInlineSnapshot(`
      "Query plans
      - There is no index on order.order_date_time: CREATE INDEX order_date_time ON
        \`order\` (order_date_time);

        totals        order: reads every row, about 2000000 rows
        order.alike   order: by the index PRIMARY, about 1 row
                      order_item: by the index PRIMARY, about 3 rows
        order.future  nothing to read"
    `);
    expect(plansView({ plans, missing: [] }, plain())).toContain('The indexes that the report needs are there.');
  });
});

test('what a sweep found, what is left first', () => {
  const thing = { region: 'eu-west-1', stack: 'shop' };
  const swept = {
    account: place.account,
    regions: ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'],
    stacks: [
      {
        ...thing,
        state: 'leftovers' as const,
        things: [
          {
            ...thing,
            type: 'NAT gateway',
            awsId: 'nat-0a1b2c3d4e5f60718',
            since: '2026-11-20T10:00:00.000Z',
            monthly: '32.85',
          },
          { ...thing, type: 'role', awsId: 'salesAnalysisReportRole-shop', since: '2026-11-20T10:00:00.000Z' },
        ],
        monthly: '32.85',
        removedBy: 'salesreport teardown --stack shop --region eu-west-1',
      },
      {
        stack: 'old',
        region: 'eu-central-1',
        state: 'kept' as const,
        things: [
          {
            ...thing,
            type: 'log group',
            awsId: '/aws/lambda/salesAnalysisReportDataExtractor-old',
            resource: 'log-group',
          },
          { ...thing, type: 'snapshot', awsId: 'snap-0a1b2c3d4e5f60718', monthly: '0.40' },
        ],
        monthly: '0.40',
        removedBy: 'salesreport teardown --stack old --region eu-central-1',
      },
      {
        stack: 'salesreport',
        region: 'eu-west-1',
        state: 'standing' as const,
        things: [{ ...thing, type: 'VPC', awsId: 'vpc-1' }],
        monthly: '58.08',
        removedBy: 'salesreport teardown --stack salesreport --region eu-west-1',
      },
    ],
    strangers: [
      {
        ...thing,
        type: 'topic',
        awsId: 'arn:aws:sns:eu-west-1:1:salesAnalysisReportTopic',
        stranger: 'it has no owner tags',
      },
    ],
    foreign: [{ ...thing, type: 'instance', awsId: 'i-0a1b', foreign: "it is in vpc-2, and the stack's VPC is vpc-1" }],
    unseen: [{ region: 'us-east-1', why: 'You may not s3:ListAllMyBuckets: have it allowed.' }],
    at: '2026-11-25T13:20:05.123Z',
  };
  expect(sweptView(swept, plain())).toMatchInlineSnapshot(`
    "What salesreport made in account 123456789012
      4 regions, 2026-11-25 13:20:05 UTC

    Stack shop in eu-west-1: left behind, about $32.85 a month
      NAT gateway  nat-0a1b2c3d4e5f60718         since 2026-11-20  $32.85 a month
      role         salesAnalysisReportRole-shop  since 2026-11-20
      salesreport teardown --stack shop --region eu-west-1 removes it.

    Stack old in eu-central-1: kept on purpose, about $0.40 a month
      log group  /aws/lambda/salesAnalysisReportDataExtractor-old
      snapshot   snap-0a1b2c3d4e5f60718                              $0.40 a month
      salesreport teardown --stack old --region eu-central-1 removes the log group.
      aws ec2 delete-snapshot --region eu-central-1 --snapshot-id
      snap-0a1b2c3d4e5f60718 removes the snapshot.

    ✓ Stack salesreport in eu-west-1 is deployed: 1 thing, about $58.08 a month.

    Named alike, and not of salesreport: 1
    - topic salesAnalysisReportTopic in eu-west-1: it has no owner tags

    With copied tags, and not of salesreport: 1
    - instance i-0a1b in eu-west-1: it is in vpc-2, and the stack's VPC is vpc-1

    Could not be looked at: of this nothing is known
    - us-east-1: You may not s3:ListAllMyBuckets: have it allowed.

    2 things of 1 stack are left behind, for about $32.85 a month at list prices."
  `);
  expect(sweptView({ ...swept, stacks: [], strangers: [], foreign: [], unseen: [] }, plain())).toContain(
    'Nothing is left behind in 4 regions.',
  );
});

test('what is left on a certificate has what holds it and its price; what is not ours is named', () => {
  const some: Certificate = {
    ...certificate,
    removed: [],
    pending: [],
    kept: [
      {
        id: 'snapshot.database',
        title: 'Snapshot of the database',
        awsId: 'snap-0a1b2c3d4e5f60718',
        why: '8 GB',
        monthly: '0.40',
      },
    ],
    left: [
      {
        id: 'nat-gateway',
        title: 'NAT gateway',
        awsId: 'nat-0a1b2c3d4e5f60718',
        why: 'You may not ec2:DeleteNatGateway.',
        monthly: '32.85',
      },
      {
        id: 'subnet.public-b',
        title: 'Public subnet b',
        awsId: 'subnet-0a1b2c3d4e5f60718',
        why: 'has dependencies',
        heldBy: [
          'network interface eni-0a1b2c3d4e5f60718 of instance i-0a1b2c3d4e5f60718 "till", which has no owner tags',
        ],
      },
    ],
    strangers: [
      { id: 'log-group', title: 'Log group /aws/lambda/f', awsId: '/aws/lambda/f', owner: 'it has no owner tags' },
    ],
  };
  expect(certificateView(some, place, plain())).toMatchInlineSnapshot(`
    "Certificate of removal: stack salesreport
      account 123456789012, region eu-west-1
      2026-11-25 13:20:05 UTC

    Left behind: 2, about $32.85 a month
      ✗  NAT gateway  nat-0a1b2c3d4e5f60718  $32.85 a month
         You may not ec2:DeleteNatGateway.
      ✗  Public subnet b  subnet-0a1b2c3d4e5f60718
         held by network interface eni-0a1b2c3d4e5f60718 of instance
         i-0a1b2c3d4e5f60718 "till", which has no owner tags

    Kept on purpose: 1, about $0.40 a month
      =  Snapshot of the database  snap-0a1b2c3d4e5f60718
         8 GB

    Not of this stack, and not touched: 1
    - Log group /aws/lambda/f: it has no owner tags

    2 things of stack salesreport are left after 5 min 01 s: run the same command
    again, or remove what is named above yourself."
  `);
});
