import { systemClock } from '../clock.ts';
import type { ExitReason } from '../problem.ts';
import type { Window } from '../report/facts.ts';
import type { Settings } from '../settings/settings.ts';
import type { Session } from './session.ts';
import { openSource, sampleHint } from './shop-source.ts';
import { type ShowOptions, showReport, verifyFileIn } from './show-report.ts';
import { passedOf, scheduledWindow } from './wanted-window.ts';

export interface PreviewOptions extends ShowOptions {
  sample?: boolean;
  databaseUrl?: string;
  partial?: boolean;
  query?: string;
}

/**
 * Computes the report here and shows it: of a database that this machine reaches, or else of the sample shop. Publishes
 * nothing.
 */
export async function preview(
  session: Session,
  settings: Settings,
  window: Window | undefined,
  options: PreviewOptions,
): Promise<ExitReason> {
  const [{ compute }, { reportOptionsOf }] = await Promise.all([
    import('../report/run.ts'),
    import('../settings/report-options.ts'),
  ]);
  const now = systemClock.now();
  const asked = options.partial ?? false;
  const { window: chosen, isCut } = passedOf(window ?? (await scheduledWindow(settings, asked)), now);
  await verifyFileIn(options, settings, async () => chosen.to);
  const source = await openSource(session, settings, options);
  const { report, subject, text } = await compute(
    chosen,
    source,
    { ...settings, report: reportOptionsOf(settings) },
    { now, partial: asked || isCut },
  ).finally(() => source.close());
  if (options.format === undefined && options.out === undefined) session.terminal.note(`Subject: ${subject}\n`);
  const exit = await showReport(session, { report, text }, { ok: true, ...report }, options);
  if (source.kind === 'sample' && !options.sample) session.terminal.note(sampleHint);
  return exit;
}
