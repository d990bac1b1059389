import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Canvas } from './canvas.ts';
import { asOwn, asPainted, harmless, ownColours } from './harmless.ts';

const gap = 2;

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a line takes at a terminal as it is shown there, colours apart. */
const columnsOf = (line: string): number => stringWidth(harmless(line).replace(ownColours, ''));

/** Columns of the widest line, colours apart. */
export const widthOf = (text: string) => Math.max(...text.split('\n').map(columnsOf));

/**
 * Rows under each other, indented, without lines. Columns are as wide as their content; where that is too much for the
 * canvas the `flexible` columns (negative: counted from the last) share what is left, and wrap.
 */
export function table(
  rows: readonly (readonly string[])[],
  canvas: Canvas,
  flexible: readonly number[] = [-1],
): string {
  const count = Math.max(...rows.map(row => row.length));
  const columns = Array.from({ length: count }, (_, column) => column);
  const natural = columns.map(column => Math.max(...rows.map(row => widthOf(row[column] ?? ''))));
  const flexibleColumns = new Set(flexible.map(column => (column < 0 ? count + column : column)));
  const rigid = columns.reduce((sum, column) => sum + (flexibleColumns.has(column) ? 0 : natural[column]!), 0);
  const words = columns.map(column =>
    Math.max(...rows.map(row => Math.max(...(row[column] ?? '').split(/\s|(?<=\/)/).map(widthOf)))),
  );
  const widths = shared(natural, words, flexibleColumns, canvas.width - gap * count - rigid);
  return rows
    .flatMap(row => {
      const cells = columns.map(column => wrap(row[column] ?? '', widths[column]!));
      const height = Math.max(...cells.map(cell => cell.length));
      return Array.from({ length: height }, (_, line) =>
        columns
          .map(column => padded(cells[column]![line] ?? '', widths[column]!))
          .join('')
          .trimEnd(),
      );
    })
    .join('\n');
}

const padded = (text: string, width: number) => `${' '.repeat(gap)}${text}${' '.repeat(width - widthOf(text))}`;

/**
 * Gives each flexible column its longest word, and shares what is left of the room among those that could use more, the
 * narrow ones first.
 */
function shared(
  natural: readonly number[],
  words: readonly number[],
  flexible: ReadonlySet<number>,
  room: number,
): number[] {
  const widths = [...natural];
  const waiting = [...flexible].sort((a, b) => natural[a]! - natural[b]!);
  let left = room;
  waiting.forEach((column, index) => {
    const others = waiting.slice(index + 1);
    const wordsOfOthers = others.reduce((sum, other) => sum + words[other]!, 0);
    const most = Math.max(left - wordsOfOthers, Math.floor(left / (others.length + 1)));
    const share = Math.max(words[column]!, Math.floor(left / (others.length + 1)));
    widths[column] = Math.max(Math.min(8, natural[column]!), Math.min(natural[column]!, share, most));
    left -= widths[column]!;
  });
  return widths;
}

/**
 * Lines of at most `width`, broken between words, after a slash, and inside a word only where it is wider than that. A
 * painted line stays painted.
 */
export function wrap(text: string, width: number): string[] {
  return harmless(text)
    .split('\n')
    .flatMap(line => {
      if (widthOf(line) <= width) return [line];
      return isolatedEach(asOwn(wrapAnsi(breakable(asPainted(line), width), width, { hard: true })).split('\n'));
    });
}

/** A line break after the last slash that fits, in words that are too wide for a line. */
const breakable = (line: string, width: number): string =>
  line.replace(/[^ ]+/g, word => {
    if (stringWidth(word) <= width) return word;
    const slash = word.slice(0, width).lastIndexOf('/') + 1;
    return slash === 0 ? word : `${word.slice(0, slash)}\n${breakable(word.slice(slash), width)}`;
  });

/** Ends an isolate on the line where it begins, and begins it anew on the next one. */
function isolatedEach(lines: readonly string[]): readonly string[] {
  let isOpen = false;
  return lines.map(line => {
    const begun = isOpen ? `\u2068${line}` : line;
    isOpen = begun.lastIndexOf('\u2068') > begun.lastIndexOf('\u2069');
    return isOpen ? `${begun}\u2069` : begun;
  });
}

/** A paragraph wrapped between words, each line indented. */
export function paragraph(text: string, canvas: Canvas, indent = 0): string {
  return wrap(text, canvas.width - indent)
    .map(line => `${' '.repeat(indent)}${line}`)
    .join('\n');
}

/** A sentence on lines of its own at a terminal, and on one line in a file, where it is searched for. */
export const sentence = (text: string, canvas: Canvas): string => (canvas.folds ? paragraph(text, canvas) : text);

/** `0.4 s`, `12 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** `1 reader`, `3 readers`, `no readers`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`;
}

/** At most `width` columns of an uncoloured line. */
export function clipped(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  const fitting = Array.from(characters.segment(line), ({ segment }) => segment);
  while (widthOf(fitting.join('')) >= width) fitting.pop();
  return `${fitting.join('')}…`;
}
