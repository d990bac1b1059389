import type { Report } from '../report.ts';
import { noticesOf } from './data-warnings.ts';
import { footOf } from './footer.ts';
import { html } from './html/markup.ts';
import { byGroup, byHour, byProduct, checks, moves, numbers, since, toDate, trend } from './html/sections.ts';
import { style } from './html/style.ts';
import { markersOf } from './markers.ts';
import { headingOf } from './phrases.ts';
import { subjectOf } from './subject.ts';
import { verdictOf } from './verdict.ts';
import { windowWords } from './window-label.ts';

/**
 * The report as one HTML file that needs nothing else: no script, no font, no request. In the order of the mail and in
 * its words, with charts (SVG) beside their numbers. The same report gives the same bytes. Ends with a newline.
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
${[numbers, since, byGroup, byProduct, moves, trend, toDate, byHour, checks].flatMap(section => section(report) ?? [])}
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
  const notices = noticesOf(report);
  return html`<header>
<h1>${headingOf(report)}</h1>
${markersOf(report).map(({ label, words }) => html`<p class="marker"><strong>${label}:</strong> ${words}</p>`)}
${notices.length > 0 ? html`<ul class="notes">${notices.map(notice => html`<li>${notice}</li>`)}</ul>` : undefined}
<p class="verdict">${verdictOf(report)}</p>
<p class="soft">${windowWords(report)}</p>
</header>`;
}
