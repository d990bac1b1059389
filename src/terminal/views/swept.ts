import type { Leftover } from '../../provision/sweep/leftover.ts';
import type { Swept, SweptStack } from '../../provision/sweep/sweep.ts';
import { as, awsCli, salesreport } from '../../suggest.ts';
import type { Canvas } from '../canvas.ts';
import { counted, paragraph, table } from '../layout.ts';
import { remarks, shortId } from './place.ts';

/** What was found of each stack, what is left first, and how to remove it. */
export function sweptView(swept: Swept & { account: string }, canvas: Canvas): string {
  const { style } = canvas;
  const { account, regions, stacks, strangers, foreign, unseen, at } = swept;
  const where =
    regions.length > 3
      ? `${regions.length} regions`
      : `${regions.length === 1 ? 'region' : 'regions'} ${regions.join(', ')}`;
  const parts = [
    `${style.bold(`What salesreport made in account ${account}`)}\n${style.dim(`  ${where}, ${at.replace('T', ' ').replace(/\.\d+Z$/, '')} UTC`)}`,
  ];
  const of = (state: SweptStack['state']) => stacks.filter(one => one.state === state);
  for (const one of of('leftovers')) parts.push(stackView(one, canvas));
  for (const one of of('kept')) parts.push(stackView(one, canvas));
  for (const one of of('standing'))
    parts.push(
      paragraph(
        `${style.green('✓')} Stack ${one.stack} in ${one.region} is deployed: ${counted(one.things.length, 'thing')}${price(one)}.`,
        canvas,
      ),
    );
  if (strangers.length > 0)
    parts.push(
      `${style.bold(`Named alike, and not of salesreport: ${strangers.length}`)}\n${remarks(
        strangers.map(({ type, awsId, region, stranger }) => `${type} ${shortId(awsId)} in ${region}: ${stranger}`),
        canvas,
      )}`,
    );
  if (foreign.length > 0)
    parts.push(
      `${style.bold(`With copied tags, and not of salesreport: ${foreign.length}`)}\n${remarks(
        foreign.map(one => `${one.type} ${shortId(one.awsId)} in ${one.region}: ${one.foreign}`),
        canvas,
      )}`,
    );
  if (unseen.length > 0)
    parts.push(
      `${style.yellow(style.bold('Could not be looked at: of this nothing is known'))}\n${remarks(
        unseen.map(({ region, why }) => `${region}: ${why}`),
        canvas,
      )}`,
    );
  return [...parts, paragraph(verdict(swept, where), canvas)].join('\n\n');
}

const price = ({ monthly }: SweptStack): string => (Number(monthly) < 0.01 ? '' : `, about $${monthly} a month`);

function stackView(one: SweptStack, canvas: Canvas): string {
  const { style } = canvas;
  const { stack, region, state, things, removedBy } = one;
  const title = `Stack ${stack} in ${region}: ${state === 'kept' ? 'kept on purpose' : 'left behind'}${price(one)}`;
  const head = state === 'kept' ? style.bold(title) : style.red(style.bold(title));
  const ways = state === 'kept' ? waysOut(one) : [`${removedBy} removes it.`];
  return [
    head,
    table(
      things.map(thing => rowOf(thing, canvas)),
      canvas,
      [1],
    ),
    ...ways.map(way => paragraph(way, canvas, 2)),
  ].join('\n');
}

/** How what was kept on purpose is removed after all. */
function waysOut({ stack, region, things, removedBy }: SweptStack): string[] {
  const has = (resource: string) => things.some(one => one.resource === resource);
  return [
    ...(has('log-group') ? [`${removedBy} removes the log group.`] : []),
    ...(has('archive')
      ? [
          `${salesreport`teardown --stack ${as.stack(stack)} --region ${as.region(region)} --delete-archive`} removes the archive.`,
        ]
      : []),
    ...things
      .filter(({ type }) => type === 'snapshot')
      .map(
        ({ awsId }) =>
          `${awsCli`ec2 delete-snapshot --region ${as.region(region)} --snapshot-id ${as.awsId(awsId)}`} removes the snapshot.`,
      ),
  ];
}

function rowOf({ type, awsId, since, monthly }: Leftover, { style }: Canvas): string[] {
  const when = since === undefined ? '' : style.dim(`since ${since.slice(0, 10)}`);
  return [type, shortId(awsId), when, monthly === undefined ? '' : `$${monthly} a month`];
}

function verdict({ stacks, unseen }: Swept, where: string): string {
  const left = stacks.filter(({ state }) => state === 'leftovers');
  const things = left.reduce((sum, one) => sum + one.things.length, 0);
  if (things > 0) {
    const monthly = left.reduce((sum, one) => sum + Number(one.monthly), 0);
    return `${counted(things, 'thing')} of ${counted(left.length, 'stack')} ${things === 1 ? 'is' : 'are'} left behind${monthly < 0.01 ? '' : `, for about $${monthly.toFixed(2)} a month at list prices`}.`;
  }
  const places = unseen.map(({ region }) => region);
  const unknown = places.length > 3 ? `${places.length} regions` : places.join(', ');
  if (unseen.length > 0)
    return `Nothing was found left behind where it could be looked at. The exit code is 1, because ${unknown} could not be looked at in full.`;
  return `Nothing is left behind in ${where}.`;
}
