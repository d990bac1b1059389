import type { FinalizeRequestMiddleware } from '@smithy/types';
import { expect, test } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { shapeOf } from '../../helpers/deaths.ts';
import { builtAws, everything, pipelineOn, silent } from '../../helpers/simulated-stack.ts';

type Fields = Record<string, unknown>;

/** What each service calls its token: in an answer, and in the question for the next page. */
const tokensOf: Record<string, [string, string]> = {
  EC2Client: ['NextToken', 'NextToken'],
  LambdaClient: ['NextMarker', 'Marker'],
  CloudWatchLogsClient: ['nextToken', 'nextToken'],
  EventBridgeClient: ['NextToken', 'NextToken'],
  IAMClient: ['Marker', 'Marker'],
};

/** The same AWS, whose lists come one thing a page, the first page empty, as AWS may answer. */
function inPages(aws: Simulator): { simulator: Simulator; pages: () => number } {
  let pages = 0;
  const { plugin } = aws;
  const page: FinalizeRequestMiddleware<object, object> = (next, context) => async args => {
    const tokens = tokensOf[context.clientName ?? ''];
    if (!tokens || !/^(Describe|List)/.test(context.commandName ?? '')) return next(args);
    const [given, asked] = tokens;
    const { [asked]: token, ...input } = args.input as Fields;
    const answered = await next({ ...args, input });
    const output = answered.output as Fields;
    const lists = Object.entries(output).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    const longest = Math.max(0, ...lists.map(([, list]) => list.length));
    if (longest === 0) return answered;
    pages++;
    const at = token === undefined ? 0 : Number(token);
    const part = Object.fromEntries(lists.map(([name, list]) => [name, at === 0 ? [] : list.slice(at - 1, at)]));
    return {
      ...answered,
      output: { ...output, ...part, ...(at < longest ? { [given]: String(at + 1) } : {}) } as object,
    };
  };
  const paged = {
    applyToStack: (stack: Parameters<typeof plugin.applyToStack>[0]) => {
      plugin.applyToStack(stack);
      stack.addRelativeTo(page, { relation: 'before', toMiddleware: 'simulator', name: 'inPages' });
    },
  };
  const simulator = new Proxy(aws, {
    get(target, name) {
      if (name === 'plugin') return paged;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { simulator, pages: () => pages };
}

test('lists that come in pages, the first of them empty, change nothing of what is seen', async () => {
  const aws = await builtAws();
  const { simulator, pages } = inPages(aws);
  const plan = await (await pipelineOn(simulator)).plan();
  expect(plan.changes).toEqual([]);
  expect(pages()).toBeGreaterThan(20);
});

test('nothing is certified as gone that stands on a later page', async () => {
  const aws = await builtAws();
  const { simulator } = inPages(aws);
  const certificate = await (await pipelineOn(simulator)).teardown(silent, everything);
  expect(certificate.left).toEqual([]);
  expect(certificate.removed.length).toBeGreaterThan(25);
  expect(shapeOf(aws)).toEqual([]);
});
