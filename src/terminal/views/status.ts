import type { PipelineStatus } from '../../provision/pipeline.ts';
import { deploymentOf, isThere } from '../../provision/verbs/deployment.ts';
import type { Entry } from '../../report/deliver/entry.ts';
import type { SettingsOrigin } from '../../settings/given.ts';
import { salesreport } from '../../suggest.ts';
import type { Canvas } from '../canvas.ts';
import { counted, paragraph, table } from '../layout.ts';
import { type HistoryData, reportsTable } from './history.ts';
import { heading, idBeside, type Place, remarks } from './place.ts';
import { differenceWords } from './plan.ts';
import { readersTable } from './readers.ts';
import { type NextRuns, nextRunsView } from './runs.ts';

export interface StatusData extends Place {
  status: PipelineStatus;
  /** Or why the report does not come then. */
  nextRuns: NextRuns | string;
  reports: LastReports;
  settings: HistoryData['settings'];
  /** Of a database of the user's own. */
  host?: string | undefined;
  /** What it is compared with. */
  from: SettingsOrigin;
}

/** What became of the last reports, the latest first, and what is wrong with them in one sentence. */
export interface LastReports {
  entries: readonly Entry[];
  trouble: string | undefined;
}

/** Each resource, the readers, the last reports and the next runs, and whether all is well. */
export function statusView(data: StatusData, canvas: Canvas): string {
  const { style } = canvas;
  const { resources, healthy } = data.status;
  const standing = deploymentOf(resources);
  if (standing === 'nothing')
    return [heading('Stack', data, canvas), `Nothing is deployed yet: ${salesreport`provision`} builds it.`].join(
      '\n\n',
    );
  const stands = standing === 'pipeline';
  const shown = stands ? resources : resources.filter(({ id }) => isThere(resources, id));
  const parts = [heading('Stack', data, canvas), resourcesTable(shown, canvas)];
  if (stands)
    parts.push(
      `${style.bold('Readers')}\n${readersOf(data.status, canvas)}`,
      `${style.bold('Operators, who get notices')}\n${operatorsOf(data.status, canvas)}`,
    );
  const { strangers, notes } = data.status;
  if (strangers.length > 0)
    parts.push(
      `${style.bold('In the VPC, and not of this stack')}\n${remarks(
        strangers.map(({ words }) => words),
        canvas,
      )}`,
    );
  const { outboundAddress } = data.status;
  if (data.host !== undefined && outboundAddress)
    parts.push(paragraph(`The function comes to ${data.host} from ${outboundAddress}: let that in there.`, canvas));
  if (notes.length > 0) parts.push(remarks(notes, canvas));
  if (data.reports.entries.length > 0)
    parts.push(`${style.bold('Last reports')}\n${reportsTable(data.reports.entries, data.settings, canvas)}`);
  if (!stands)
    return [
      ...parts,
      paragraph(`The pipeline is not there, only what a teardown keeps: ${salesreport`provision`} builds it.`, canvas),
    ].join('\n\n');
  parts.push(
    typeof data.nextRuns === 'string'
      ? `${style.bold('Next runs')}\n${paragraph(data.nextRuns, canvas, 2)}`
      : nextRunsView(data.nextRuns, canvas),
  );
  return [
    ...parts,
    ...(healthy ? [] : [paragraph(trouble(data), canvas)]),
    ...(data.reports.trouble ? [paragraph(data.reports.trouble, canvas)] : []),
    ...(healthy && !data.reports.trouble
      ? [paragraph(style.green(`Healthy: everything matches the settings. ${salesreport`verify`} proves it.`), canvas)]
      : []),
  ].join('\n\n');
}

function resourcesTable(resources: PipelineStatus['resources'], canvas: Canvas): string {
  const { style } = canvas;
  const rows = resources.map(({ state, title, awsId, differences, why }) => {
    const word = {
      ready: style.green('✓ ready'),
      missing: style.red('✗ missing'),
      differs: style.yellow('~ differs'),
      waiting: style.yellow('… waiting'),
      stopped: style.yellow('■ stopped'),
      failed: style.red('✗ failed'),
    }[state];
    return [
      word,
      title,
      [style.dim(idBeside(title, awsId)), why, ...differences.map(differenceWords)].filter(Boolean).join('\n'),
    ];
  });
  return table(rows, canvas, [1, 2]);
}

/** Who gets the report, or how somebody would. */
function readersOf({ resources, subscribers, moreSubscribers: more }: PipelineStatus, canvas: Canvas): string {
  if (subscribers.length === 0)
    return isThere(resources, 'topic')
      ? `  none yet: ${salesreport`subscribe email NAME@HOST`}`
      : '  none: the topic is missing';
  return `${readersTable(subscribers, canvas)}${more > 0 ? `\n  and ${counted(more, 'more reader', 'more readers')}` : ''}`;
}

/** Who hears of reports that were blocked or failed. */
function operatorsOf({ resources, operators, moreOperators: more }: PipelineStatus, canvas: Canvas): string {
  if (operators.length === 0)
    return isThere(resources, 'topic.operators')
      ? `  none yet: ${salesreport`subscribe email NAME@HOST --operator`}`
      : '  none: the topic of operators is missing';
  return `${readersTable(operators, canvas)}${more > 0 ? `\n  and ${counted(more, 'more operator', 'more operators')}` : ''}`;
}

function trouble({ status: { resources }, from, stack }: StatusData): string {
  const off = resources.filter(({ state }) => state !== 'ready');
  if (from.kind === 'defaults')
    return `${counted(off.length, 'resource is', 'resources are')} not as the defaults want, and nobody has said here what stack ${stack} should be: there is no salesreport.yaml, and ${
      from.why ? `the record of its last provision ${from.why}` : 'no record of its last provision'
    }. Run it where its settings file is, or name that with --settings.`;
  return `Not healthy: ${counted(off.length, 'resource does', 'resources do')} not match the settings; ${salesreport`provision`} updates ${off.length === 1 ? 'it' : 'them'}.`;
}
