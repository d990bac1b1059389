import { spawnSync } from 'node:child_process';
import { productsStatement } from '../src/report/sources/mysql-statements.ts';
import { type Shops, wholeTime, withShops } from './helpers/shops.ts';
import { script } from './helpers/statements.ts';
import { median } from './helpers/timing.ts';

export const name = 'Sales by product of all time, 6 million items';

const rounds = 3;
const overBest = 1.1;
const timesFaster = 3;

const within = `\`order\`.order_date_time >= '${wholeTime.from}' AND \`order\`.order_date_time < '${wholeTime.to}'`;

/** The same by hand: `from` says which items, and in which order the server reads. */
const byHand = (from: string) => `
SELECT sold.product_id, product_name, product_group_name, sales, units, items
FROM (
  SELECT product_id, SUM(order_item.amount) AS sales, SUM(quantity) AS units, COUNT(*) AS items FROM ${from} GROUP BY product_id
) AS sold
LEFT JOIN product ON product.id = sold.product_id LEFT JOIN product_group ON product_group_number = product.product_group`;

const statements = {
  report: [productsStatement, wholeTime.from, wholeTime.to].reduce((sql, bound) => sql.replace('?', `'${bound}'`)),
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

/** How long the server takes for each, as MariaDB's client says, in one session and in turns. */
export const run = (): Promise<{ ok: boolean; lines: string[] }> =>
  withShops(shops => {
    const names = Object.keys(statements);
    const times = timesOf(shops, Array.from({ length: rounds + 1 }, () => Object.values(statements)).flat());
    // The first round warms the server up.
    const medians = names.map((_, at) =>
      median(times.filter((_, index) => index >= names.length && index % names.length === at)),
    );
    const [report, ...others] = medians as [number, ...number[]];
    const best = Math.min(...others.slice(0, -1));
    const joinedFirst = others.at(-1)!;
    return {
      ok: report <= overBest * best && joinedFirst >= timesFaster * report,
      lines: [
        ...names.map((name, at) => `${name.padEnd(30)} ${medians[at]!.toFixed(2)} s`),
        `over the best by hand          ${(report / best).toFixed(2)} (at most ${overBest})`,
        `faster than joined first       ${(joinedFirst / report).toFixed(2)} times (at least ${timesFaster}), medians of ${rounds} in turns`,
      ],
    };
  });

/** Seconds of each statement. */
function timesOf(shops: Shops, statements: readonly string[]): number[] {
  const [command, ...args] = shops.client('6 million');
  const input = script(statements);
  const { stdout, stderr } = spawnSync(command!, [...args, '-vvv'], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const times = [...stdout.matchAll(/^\d+ rows? in set \((?:(\d+) min )?([\d.]+) sec\)$/gm)];
  if (times.length !== statements.length)
    throw new Error(`The client answered ${times.length} of ${statements.length} statements: ${stderr}`);
  return times.map(([, minutes = '0', seconds]) => Number(minutes) * 60 + Number(seconds));
}
