// Only for the documents and the tests: neither the program nor the function loads it.
import * as z from 'zod';

const money = () => z.string().regex(/^-?\d+(\.\d+)?$/);
const decimal = () => z.string().regex(/^-?\d+(\.\d+)?$/);
const instant = () => z.iso.datetime({ precision: 3 });
const count = () => z.int().min(0);

const change = () =>
  z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('value'),
        by: decimal().describe('How much more, or less (negative).'),
        percent: decimal().describe('Of the earlier number, to one decimal.'),
      }),
      z.object({ kind: z.literal('was zero') }).describe('Nothing to divide by.'),
      z.object({ kind: z.literal('no data') }).describe("Before the shop's first order."),
      z.object({ kind: z.literal('not comparable'), why: z.string() }),
    ])
    .describe('How a number compares with an earlier one.');

const changes = (than: string) =>
  z.object({ sales: change(), orders: change(), averageOrder: change(), units: change() }).describe(`Against ${than}.`);

const window = () => z.object({ from: instant(), to: instant() });

const toDate = (part: string) =>
  z
    .object({ from: instant(), sales: money(), change: change() })
    .describe(`The sales of the ${part} up to the window's end, and against as much of the ${part} before.`);

const check = z.object({
  id: z.string().describe('Named after what it tests.'),
  outcome: z
    .enum(['pass', 'warn', 'fail', 'error'])
    .describe('`warn`: sent with a notice; `fail`: as `policy` says; `error`: the check itself could not run.'),
  policy: z.enum(['block', 'hold']).optional().describe('What a failure does; absent where it can only warn.'),
  count: z.number().nullable().describe('How many rows, or whatever it counts; null where it counts nothing.'),
  ids: z.array(z.string()).max(5).describe('Ids of up to five of them.'),
  words: z.string().describe('What was found, as one sentence.'),
  seconds: z.number().min(0).describe('How long it took, s.'),
});

/**
 * The report's model, as code and as it is published in docs/reference/report.schema.json. Amounts are decimal strings
 * with at least the currency's decimals (two without a currency); means and averages are rounded half away from zero to
 * just these. Fields are only ever added, so that more of them than here are no fault.
 */
export const reportSchema = z.object({
  version: z.literal(1).describe('Of this format. Fields are only ever added.'),
  runId: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .describe('The same for the same stack, window and revision.'),
  stack: z.string(),
  source: z.enum(['database', 'sample']).describe('`sample` is a made-up café.'),
  window: window()
    .extend({ timezone: z.string() })
    .describe('From `from` until just before `to`; the zone is an IANA name.'),
  partial: z.boolean().describe('The period is still open: comparisons are with the same span of earlier ones.'),
  closed: z.boolean().describe("The shop is closed on each of the window's days, as the settings say."),
  locale: z.string().describe('BCP 47.'),
  currency: z.string().nullable().describe('ISO 4217; null where none is set.'),
  sales: money().describe("Sum of the orders' amounts."),
  orders: count().describe('How many, also those without an amount.'),
  positiveSales: money().describe('Sum of the orders with a positive amount.'),
  negativeSales: money().describe('Sum of those with a negative one: refunds or corrections.'),
  averageOrder: money().nullable().describe('Over the orders with a positive amount; null when there are none.'),
  units: decimal()
    .nullable()
    .describe("Sum of the items' quantities; null where the shop's query gives none, so in the lines too."),
  weekEarlier: changes('the same time one week earlier'),
  lastFour: changes('the mean of the last four such times'),
  previous: changes('the report before, where it is as long'),
  unusual: z
    .boolean()
    .nullable()
    .describe('Whether the sales are far from those of the last eight such times; null with fewer than four.'),
  usualSales: money().nullable().describe('The middle of these; null with fewer than four.'),
  ordersWithoutAmount: count(),
  items: count(),
  itemSales: money().describe("Sum of the items' amounts."),
  difference: money().describe('`itemSales` less `sales`.'),
  groups: z
    .array(
      z.object({
        name: z.string().nullable().describe('Null for what belongs to no group.'),
        sales: money(),
        units: decimal().nullable(),
        share: decimal()
          .nullable()
          .describe('Percent of `itemSales`, to one decimal; null where that is not positive.'),
        weekEarlier: change(),
      }),
    )
    .describe('The largest first; what belongs to no group comes last.'),
  products: z
    .array(
      z.object({
        name: z.string().nullable().describe('Null for items whose product does not exist.'),
        sales: money(),
        units: decimal().nullable(),
        ids: z.array(z.string().nullable()),
        group: z.string().nullable(),
      }),
    )
    .describe('Ordered alike.'),
  movers: z
    .array(z.object({ name: z.string(), by: money() }))
    .describe('Products that sold most more, then most less, than a week earlier.'),
  missing: z.array(z.string()).describe('Products that sold in each of the last four such times, and not now.'),
  hours: z
    .array(z.object({ hour: z.int().min(0).max(23), sales: money(), orders: count() }))
    .nullable()
    .describe('Hours with orders, on the clocks of the zone; null where orders have no time of day.'),
  trend: z
    .array(z.object({ to: instant(), sales: money(), orders: count() }))
    .describe('The last 14 windows, this one the last.'),
  monthToDate: toDate('month'),
  weekToDate: toDate('week'),
  lastOrder: instant().nullable().describe("The last order before the window's end; null without any."),
  readAt: instant().describe('When the sales were read.'),
  revision: count().describe('0 for the first; how often it was sent again.'),
  reason: z.string().nullable().describe('Why it was sent again, or in spite of its checks.'),
  forced: z.boolean().describe('Sent although a check blocks it.'),
  repeat: z.boolean().describe('A run before this one may have sent it.'),
  incomplete: z.boolean().describe('Sent although its sales are late.'),
  checks: z.array(check),
  told: z
    .array(window().extend({ sales: money(), orders: count() }))
    .describe('What the last windows before this one have now.'),
  late: z
    .array(window().extend({ sales: money(), orders: count(), salesBefore: money(), ordersBefore: count() }))
    .describe('Windows that were reported before and have other sales now.'),
  unsent: z.array(window()).describe('Windows whose reports were archived and sent to nobody since the report before.'),
  omitted: z
    .array(z.object({ block: z.enum(['groups', 'products', 'movers', 'missing', 'units']), why: z.string() }))
    .describe("Parts that are left out, because the shop's query does not give what they are of."),
  amountsInSubject: z.boolean().describe('Whether the subject and the SMS show amounts.'),
});

/** docs/reference/report.schema.json. */
export function buildReportSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'Sales report', ...rest }, null, 2)}\n`;
}
