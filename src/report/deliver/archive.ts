import { Problem } from '../../problem.ts';
import { renderedAs } from '../render/forms.ts';
import type { Report } from '../report.ts';
import { parseReport } from './parse-report.ts';
import type { Store } from './store.ts';

/** The files of a report in the archive, and their media types. */
const files = {
  'report.json': ['json', 'application/json'],
  'report.txt': ['text', 'text/plain; charset=utf-8'],
  'report.html': ['html', 'text/html; charset=utf-8'],
  'report.csv': ['csv', 'text/csv; charset=utf-8'],
} as const;

/** Keeps the report itself. What is published later is computed from it, so that what is kept is what was sent. */
export const keepReport = (store: Store, folder: string, report: Report): Promise<string> =>
  store.put(`${folder}report.json`, `${JSON.stringify(report, null, 2)}\n`, { type: files['report.json'][1] });

/** Keeps each form of the report. */
export async function keepForms(store: Store, folder: string, report: Report): Promise<void> {
  for (const [name, [form, type]] of Object.entries(files))
    if (form !== 'json') await store.put(`${folder}${name}`, await renderedAs(form, report), { type });
}

/**
 * The report that is kept in a folder; undefined where none is. Throws Problem `unreadable`, which names the object.
 */
export async function keptReport(store: Pick<Store, 'get'>, folder: string): Promise<Report | undefined> {
  const there = await store.get(`${folder}report.json`);
  return there && parseReport(`${folder}report.json`, there.text);
}

/** Keys at which nothing ever is, one below each prefix that the function may use. */
const probes = ['ledger/probe', 'reports/probe'];

/**
 * Tries everything that a run asks of the archive, and leaves nothing there. What is written is written over a version
 * that is not there, so S3 asks whether the function may write, and then refuses (S3 user guide, "How to prevent object
 * overwrites with conditional writes"). Throws Problem `archive`.
 */
export async function probeArchive(store: Store): Promise<void> {
  await Promise.all([
    store.list('ledger/probe'),
    ...probes.map(async key => {
      await store.get(key);
      const answer = await store.put(key, '', { type: 'text/plain', if: { etag: '"nothing"' } });
      if (answer !== 'refused')
        throw new Problem(
          'archive',
          `The archive took a write over a version that is not there (${key}), so two runs could send the same report: keep it in Amazon S3.`,
        );
    }),
  ]);
}
