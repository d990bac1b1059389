import { spawnSync } from 'node:child_process';
import {
  numbersStatement,
  productsOfNumbersStatement,
  productsStatement,
} from '../src/report/sources/mysql-statements.ts';
import { type Shops, shops, wholeTime, withShops } from './helpers/shops.ts';
import { script } from './helpers/statements.ts';
import { median } from './helpers/timing.ts';

export const name = 'Sales by product of all time, 6 million items';

const rounds = 5;
const limit = 1.1;
const timesFaster = 3;

const within = `\`order\`.order_date_time >= '${wholeTime.from}' AND \`order\`.order_date_time < '${wholeTime.to}'`;

/** The same by hand: `from` says which items, and in which order the server reads. */
const byHand = (from: string) => `
SELECT sold.product_id, product_name, product_group_name, sales, units, items
FROM (
  SELECT product_id, SUM(order_item.amount) AS sales, SUM(quantity) AS units, COUNT(*) AS items FROM ${from} GROUP BY product_id
) AS sold
LEFT JOIN product ON product.id = sold.product_id LEFT JOIN product_group ON product_group_number = product.product_group`;

const filled = (sql: string, bounds: readonly (string | number)[]) =>
  bounds.reduce<string>(
    (statement, bound) => statement.replace('?', typeof bound === 'number' ? `${bound}` : `'${bound}'`),
    sql,
  );
const whole = [wholeTime.from, wholeTime.to];

const statements = {
  report: filled(productsOfNumbersStatement, [1, shops['6 million']]),
  'report, where numbers are missing': filled(productsStatement, whole),
  'report, to know which': filled(numbersStatement, whole),
  'by hand, orders by date': byHand(`\`order\` STRAIGHT_JOIN order_item USING (order_number) WHERE ${within}`),
  'by hand, orders by number': byHand(
    `\`order\` FORCE INDEX (PRIMARY) STRAIGHT_JOIN order_item USING (order_number) WHERE ${within}`,
  ),
  'by hand, items first': byHand(`order_item STRAIGHT_JOIN \`order\` USING (order_number) WHERE ${within}`),
  'by hand, orders in a subquery': byHand(
    `order_item WHERE order_number IN (SELECT order_number FROM \`order\` WHERE ${within})`,
  ),
  'by hand, no orders': byHand('order_item'),
  // The query of the walk-through's function; it knows neither windows nor money.
  'joined first': `
SELECT c.product_group_number, c.product_group_name, a.product_id, b.product_name, CAST(SUM(a.quantity) AS INT) AS quantity
FROM order_item a, product b, product_group c
WHERE b.id = a.product_id AND c.product_group_number = b.product_group
GROUP BY c.product_group_number, a.product_id`,
};

/**
 * How long the server takes for each, as MariaDB's client says, in one session and in turns. The report first looks
 * whether the numbers of a window's orders follow each other, and else looks up each order, as whoever writes by hand
 * must where a window is wanted.
 */
export const run = (): Promise<{ ok: boolean; lines: string[] }> =>
  withShops(running => {
    const names = Object.keys(statements) as (keyof typeof statements)[];
    const times = timesOf(running, Array.from({ length: rounds + 1 }, () => Object.values(statements)).flat());
    // The first round warms the server up.
    const found = names.map((name, at) => {
      const own = times.filter((_, index) => index >= names.length && index % names.length === at);
      return [name, median(own)] as const;
    });
    const of = Object.fromEntries(found) as Record<keyof typeof statements, number>;
    const byHand = found.filter(([name]) => name.startsWith('by hand'));
    const best = Math.min(...byHand.map(([, time]) => time));
    const bestOfWindow = Math.min(...byHand.filter(([name]) => name !== 'by hand, no orders').map(([, time]) => time));
    const overBest = of.report / best;
    const overBestOfWindow = of['report, where numbers are missing'] / bestOfWindow;
    const faster = of['joined first'] / of.report;
    return {
      ok: overBest <= limit && faster >= timesFaster,
      lines: [
        ...found.map(([name, time]) => `${name.padEnd(34)} ${time.toFixed(2)} s`),
        `over the best by hand              ${overBest.toFixed(2)} (at most ${limit})`,
        `  where numbers are missing        ${overBestOfWindow.toFixed(2)} over the best that looks at dates`,
        `faster than joined first           ${faster.toFixed(2)} times (at least ${timesFaster}), medians of ${rounds} in turns`,
      ],
    };
  });

/** Seconds of each statement. */
function timesOf(running: Shops, statements: readonly string[]): number[] {
  const [command, ...args] = running.client('6 million');
  const input = script(statements);
  const { stdout, stderr } = spawnSync(command!, [...args, '-vvv'], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const times = [...stdout.matchAll(/^\d+ rows? in set \((?:(\d+) min )?([\d.]+) sec\)$/gm)];
  if (times.length !== statements.length)
    throw new Error(`The client answered ${times.length} of ${statements.length} statements: ${stderr}`);
  return times.map(([, minutes = '0', seconds]) => Number(minutes) * 60 + Number(seconds));
}
