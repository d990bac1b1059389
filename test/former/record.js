// Run by scripts/record-former.js within the checkout of a former version, by that version's own helpers.
import { writeFile } from 'node:fs/promises';
import { it } from 'vitest';

const tree = process.cwd();
const [{ loadArtifacts }, { sampleSource }, { fireSchedule }, { pipelineOn, silent, simulatedAws }] = await Promise.all(
  [
    'src/provision/artifacts.ts',
    'src/report/sources/sample.ts',
    'src/simulator/fire.ts',
    'test/helpers/simulated-stack.ts',
  ].map(file => import(`${tree}/${file}`)),
);

const settings = { timezone: 'Europe/Berlin', tags: { shop: 'Corner' } };
const readers = ['ann@example.com', 'bob@example.com', 'late@example.com'];
const operators = ['ops@example.com', 'night@example.com', 'later@example.com'];
const isRead = /^(Describe|Get|Head|List|Simulate)/;

/** What the account does and not the tool, what leaves nothing behind, and the lock. */
const isLeftOut = ({ operation, input }) =>
  ['Invoke', 'Publish'].includes(operation) || `${input.Name ?? ''}`.includes('/lock/');

it('records', async () => {
  const artifacts = await loadArtifacts();
  const aws = simulatedAws({ functionSource: () => ({ ...sampleSource, kind: 'database' }) });
  const seen = [];
  const answer = aws.answer.bind(aws);
  aws.answer = async (service, operation, input, caller) => {
    const at = aws.world.now();
    const output = await answer(service, operation, input, caller);
    if (!input.DryRun) seen.push({ at, service, operation, input, output });
    return output;
  };
  const confirm = address => {
    aws.world.sns.confirm(address);
    seen.push({ at: aws.world.now(), confirm: address });
  };
  const pipeline = await pipelineOn(aws, { settings, artifacts });
  await pipeline.provision(silent);
  await pipeline.subscribe('email', readers);
  await pipeline.subscribe('email', operators, { notices: true });
  for (const address of ['ann@example.com', 'bob@example.com', 'ops@example.com', 'night@example.com'])
    confirm(address);
  for (const day of [24, 25]) {
    const due = Date.UTC(2026, 10, day, 15);
    await aws.world.clock.sleep(due - aws.world.now());
    await fireSchedule(aws.world, 'salesAnalysisReport', 'salesAnalysisReportSchedule', due);
  }
  // Who is pending for 48 hours is forgotten.
  await pipeline.subscribe('email', ['late@example.com']);
  await pipeline.subscribe('email', ['later@example.com'], { notices: true }).catch(() => undefined);
  await writeFile(process.env.FORMER_OUT, `${JSON.stringify({ settings, calls: compact(seen) })}\n`);
}, 300_000);

/** The changes, and of each answer what a later change names; a read only where it alone gave that. */
function compact(seen) {
  const isChange = one => one.confirm || (!isRead.test(one.operation) && !isLeftOut(one));
  const inputs = seen.map(one => (isChange(one) && !one.confirm ? JSON.stringify(one.input, plain) : ''));
  const known = new Set();
  const kept = seen.map((one, index) => {
    if (one.confirm) return one;
    const later = inputs.slice(index + 1).join('\n');
    const isNeeded = text =>
      text.length > 5 && later.includes(text) && (isChange(one) || (isId(text) && !known.has(text)));
    const output = pruned(one.output, isNeeded);
    for (const text of stringsIn(output)) known.add(text);
    if (!isChange(one) && output === undefined) return undefined;
    return {
      at: one.at,
      service: one.service,
      operation: one.operation,
      input: one.input,
      ...(output ? { output } : {}),
    };
  });
  return JSON.parse(JSON.stringify(kept.filter(Boolean), plain));
}

const isId = text => /^[a-z]+-[0-9a-f]{8,}$/.test(text);

/** Code is not kept: it is another in each version. A Buffer is JSON already when it comes here. */
function plain(key, value) {
  return ArrayBuffer.isView(this[key]) ? '(bytes)' : value;
}

function pruned(value, isNeeded) {
  if (typeof value === 'string') return isNeeded(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  const entries = Object.entries(value)
    .map(([key, one]) => [key, pruned(one, isNeeded)])
    .filter(([, one]) => one !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function stringsIn(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
