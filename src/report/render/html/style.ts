import { Markup } from './markup.ts';

/** The page's whole style. Fonts are the reader's own: nothing is fetched. */
export const style = new Markup(`
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --ink: #201f1c; --soft: #69655c; --line: #e3dfd6;
  --bar: #a9c6c1; --accent: #1d635d; --up: #1f6b3c; --down: #a33c22; --warn: #fbf0d5;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #171714; --ink: #ecebe5; --soft: #a8a49a; --line: #35342f;
    --bar: #47716c; --accent: #86cbc2; --up: #86d3a0; --down: #f0967f; --warn: #3a3118;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  max-width: 58rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 4rem) clamp(1rem, 5vw, 3rem);
  background: var(--paper); color: var(--ink); overflow-wrap: break-word; -webkit-text-size-adjust: 100%;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
}
h1, h2, h3 { font-weight: 600; line-height: 1.25; }
h1 { font-size: .8rem; letter-spacing: .12em; text-transform: uppercase; color: var(--accent); }
h2 { font-size: 1.15rem; margin-bottom: 1rem; }
h3 { margin-bottom: .25rem; font-size: .85rem; color: var(--soft); }
header { padding-bottom: 2.5rem; }
.verdict {
  margin: 1rem 0; font: 500 clamp(1.5rem, 5.5vw, 2.4rem)/1.22 ui-serif, Charter, Georgia, Cambria, "Liberation Serif", serif;
  text-wrap: balance;
}
.soft, footer { color: var(--soft); font-size: .9rem; }
.marker { margin-top: .75rem; padding: .6rem .9rem; background: var(--accent); color: var(--paper); border-radius: .3rem; }
.marker strong { font-weight: 700; letter-spacing: .02em; }
.plain { padding: 0; list-style: none; }
.part { margin-top: 1rem; }
.part + .part { margin-top: .25rem; }
.notes { margin: 1.25rem 0; padding: .6rem .9rem; list-style: none; background: var(--warn); border-radius: .3rem; font-size: .9rem; }
section { padding: 2rem 0; border-top: 1px solid var(--line); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 2rem 3rem; }
.value { font-size: 1.75rem; line-height: 1.3; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.value.none { font-size: 1rem; padding: .45rem 0; }
dl { margin-top: .4rem; font-size: .85rem; }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .25rem 0; border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin-left: auto; font-variant-numeric: tabular-nums; }
.up { color: var(--up); }
.down { color: var(--down); }
.charted { display: grid; gap: 1.5rem 3rem; align-items: start; }
.charted > * { min-width: 0; }
.chart svg { display: block; width: 100%; height: auto; max-width: 30rem; overflow: visible; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem 0 .35rem .9rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 6rem; }
td.folds { white-space: normal; }
thead th { color: var(--soft); font-size: .8rem; white-space: normal; font-weight: 500; }
tbody th { font-weight: 400; }
.sums td.folds { min-width: 5.5rem; }
.doubts th, .doubts td { text-align: left; }
.doubts tbody th { overflow-wrap: normal; }
.doubts td.folds { overflow-wrap: anywhere; min-width: 8rem; }
.doubts { margin-top: 1rem; }
p + .table, .table + p, .charted + p { margin-top: 1rem; }
footer { padding-top: 1.5rem; border-top: 1px solid var(--line); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (min-width: 44rem) { .charted { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@media (max-width: 30rem) { th, td { padding-left: .6rem; } table { font-size: .85rem; } }
@media print {
  @page { margin: 16mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  section { padding: 1.25rem 0; }
  h2 { break-after: avoid; }
  tr, .chart, .number { break-inside: avoid; }
  .numbers, .charted { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .marker { border: 1px solid var(--accent); color: var(--accent); background: none; }
  .notes { border: 1px solid var(--line); background: none; }
}
`);
