import Big from 'big.js';

/**
 * AWS's list prices, in US dollars: us-east-1, Linux, on demand, as of `date`. Other regions have their own, mostly up
 * to a third more. Sources: aws.amazon.com/vpc/pricing, /ec2/pricing/on-demand, /ebs/pricing, /privatelink/pricing,
 * /s3/pricing and /cloudwatch/pricing, and for the instance types the agreement of several public copies of them.
 */
export const priceList = { region: 'us-east-1', date: '2026-09-20', hoursOfAMonth: 730 };

interface Price {
  /** For people, one and several: `public IPv4 address`. */
  words: readonly [one: string, several: string];
  dollars: string;
  per: 'hour' | 'month';
}

const prices = {
  natGateway: { words: ['NAT gateway', 'NAT gateways'], dollars: '0.045', per: 'hour' },
  publicAddress: { words: ['public IPv4 address', 'public IPv4 addresses'], dollars: '0.005', per: 'hour' },
  interfaceEndpoint: { words: ['interface endpoint', 'interface endpoints'], dollars: '0.01', per: 'hour' },
  diskGigabyte: { words: ['GB of gp3 disk', 'GB of gp3 disk'], dollars: '0.08', per: 'month' },
  snapshotGigabyte: { words: ['GB of snapshot', 'GB of snapshot'], dollars: '0.05', per: 'month' },
  s3Gigabyte: { words: ['GB in S3', 'GB in S3'], dollars: '0.023', per: 'month' },
  logGigabyte: { words: ['GB of log', 'GB of log'], dollars: '0.03', per: 'month' },
} as const satisfies Record<string, Price>;

/** By the hour. A type that is not here has no known price: it is not guessed. */
const instances: Record<string, Record<string, string>> = {
  t2: { nano: '0.0058', micro: '0.0116', small: '0.023', medium: '0.0464', large: '0.0928' },
  t3: {
    nano: '0.0052',
    micro: '0.0104',
    small: '0.0208',
    medium: '0.0416',
    large: '0.0832',
    xlarge: '0.1664',
    '2xlarge': '0.3328',
  },
  t3a: { nano: '0.0047', micro: '0.0094', small: '0.0188', medium: '0.0376', large: '0.0752' },
  t4g: {
    nano: '0.0042',
    micro: '0.0084',
    small: '0.0168',
    medium: '0.0336',
    large: '0.0672',
    xlarge: '0.1344',
    '2xlarge': '0.2688',
  },
  m5: { large: '0.096', xlarge: '0.192' },
  m6g: { medium: '0.0385', large: '0.077', xlarge: '0.154' },
  m7g: { medium: '0.0408', large: '0.0816', xlarge: '0.1632' },
};

/** What costs as long as it is there: so many of an item, or of hosts of an instance type. */
export type BillableItem = { item: keyof typeof prices; amount: number } | { instance: string; amount: number };

/** A Use in words with what it costs: `3 public IPv4 addresses` and 10.95; undefined where the price is not known. */
export interface Cost {
  words: string;
  dollars: Big | undefined;
}

/** What a Use costs a month. */
export function costOf(use: BillableItem): Cost {
  const { words, dollars, per } = 'instance' in use ? priceOf(use.instance) : prices[use.item];
  const times = per === 'hour' ? priceList.hoursOfAMonth : 1;
  return {
    words: use.amount === 1 ? words[0] : `${use.amount} ${words[1]}`,
    dollars: dollars === undefined ? undefined : new Big(dollars).times(times).times(use.amount),
  };
}

function priceOf(type: string): Omit<Price, 'dollars'> & { dollars: string | undefined } {
  const [family = '', size = ''] = type.split('.');
  return { words: [`${type} host`, `${type} hosts`], dollars: instances[family]?.[size], per: 'hour' };
}

/** What several cost a month; undefined where the price of one is not known. */
export function sumOf(uses: readonly BillableItem[]): Big | undefined {
  return uses.reduce<Big | undefined>((sum, use) => {
    const { dollars } = costOf(use);
    return sum && dollars && sum.plus(dollars);
  }, new Big(0));
}

/** The same things gathered: two hosts of one type are one Use of two. */
export function gathered(uses: readonly BillableItem[]): BillableItem[] {
  const byWhat = new Map<string, BillableItem>();
  for (const use of uses) {
    const what = 'instance' in use ? use.instance : use.item;
    byWhat.set(what, { ...use, amount: use.amount + (byWhat.get(what)?.amount ?? 0) });
  }
  return [...byWhat.values()];
}

/** The Graviton type of the same size that costs less, where there is one: `t4g.micro` for `t3.micro`. */
export function cheaperType(type: string): string | undefined {
  const [family = '', size = ''] = type.split('.');
  const other = { t2: 't4g', t3: 't4g', t3a: 't4g', m5: 'm7g' }[family];
  const [is, could] = [instances[family]?.[size], instances[other ?? '']?.[size]];
  return is && could && new Big(could).lt(is) ? `${other}.${size}` : undefined;
}
