import type { Report } from '../report.ts';
import { html } from './html/markup.ts';
import { byGroup, byHour, byProduct, moves, numbers, toDate, trend } from './html/sections.ts';
import { style } from './html/style.ts';
import { subjectOf } from './subject.ts';
import { footOf, notesOf, sampleWords, windowWords } from './told.ts';
import { verdictOf } from './verdict.ts';

/**
 * The report as one HTML file that needs nothing else: no script, no font, no request. In the order of the mail and in its words, with charts (SVG) beside
 * their numbers. The same report gives the same bytes. Ends with a newline.
 */
export function htmlOf(report: Report): string {
  const { source } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${subjectOf(report)}</title>
<style>${style}</style>
</head>
<body>
${head(report)}
<main>
${[numbers, byGroup, byProduct, moves, trend, toDate, byHour].flatMap(section => section(report) ?? [])}
</main>
<footer>
${footOf(report).map(words => html`<p>${words}</p>`)}
</footer>
</body>
</html>
`;
  return source;
}

function head(report: Report) {
  const { stack, source } = report;
  const notes = notesOf(report);
  return html`<header>
${source === 'sample' ? html`<p class="sample">${sampleWords}</p>` : undefined}
<h1>Sales report${stack === 'salesreport' ? '' : ` (${stack})`}</h1>
${notes.length > 0 ? html`<ul class="notes">${notes.map(note => html`<li>${note}</li>`)}</ul>` : undefined}
<p class="verdict">${verdictOf(report)}</p>
<p class="soft">${windowWords(report)}</p>
</header>`;
}
