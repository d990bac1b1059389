import { createHash } from 'node:crypto';
import Big from 'big.js';
import type { Settings } from '../../settings/settings.ts';
import { version } from '../../version.ts';
import type { Operation } from '../aws/operation.ts';
import type { Consent } from '../engine/consent.ts';
import { type Inventory, oursOf } from '../engine/inventory.ts';
import type { Change, Plan } from '../engine/outcome.ts';
import { lockOperations } from '../lock/lock-store.ts';
import { factsOf } from '../operations.ts';
import type { AwsResource, Stack } from '../stack.ts';
import { type Estimate, estimateChanges, secondsOf } from './estimate.ts';
import { type BillableItem, cheaperType, costOf, gathered, sumOf } from './prices.ts';

/** One row of the plan with what it takes. */
export interface PlannedChange extends Change {
  /** IAM actions that its operations need. */
  permissions: string[];
  /** US dollars a month that it adds or, below zero, takes away: a decimal string. Null where a price is not known. */
  monthly: string | null;
  /** How long it is expected to take, s. */
  seconds: number;
}

/** What the changes cost or save a month, at list prices. */
interface PlannedCost {
  /** US dollars a month, decimal strings; without what has no known price. */
  added: string;
  removed: string;
  /**
   * What is added or taken away, the dearest first; below zero what is taken away; null where the price is not known.
   */
  parts: { what: string; monthly: string | null }[];
}

/** A plan with its cost, its time and the permissions that it needs. */
export interface Planned extends Plan {
  changes: PlannedChange[];
  cost: PlannedCost;
  time: Estimate;
  /** IAM actions of all changes and of the lock. */
  permissions: string[];
  /** What it was made from: when one of these is another, it is another plan. */
  basis: Basis;
}

export interface Basis {
  /** The version of the tool. */
  tool: string;
  settings: Omit<Settings, 'profile'>;
  /** SHA-256 of the function's code and of its layer. */
  code: { function: string; layer: string };
  /** What stays as it is. */
  unchanged: Plan['unchanged'];
  /** What was asked for beyond the settings. */
  consent: Consent;
}

/** Works out what a plan costs, how long it takes and what it needs to be allowed. */
export function plannedOf(
  stack: Stack,
  resources: readonly AwsResource[],
  inventory: Inventory,
  plan: Plan,
  consent: Consent,
): Planned {
  const byId = new Map(resources.map(resource => [resource.id, resource]));
  const uses = plan.changes.map(change => usesOf(byId.get(change.id)!, change, inventory));
  return {
    ...plan,
    changes: plan.changes.map((change, index) => ({
      ...change,
      permissions: permissionsOf(change.operations),
      monthly: difference(uses[index]!.added, uses[index]!.removed),
      seconds: secondsOf(byId.get(change.id)!, change),
    })),
    cost: costOfAll(
      uses.flatMap(({ added }) => added),
      uses.flatMap(({ removed }) => removed),
    ),
    time: estimateChanges(resources, plan.changes),
    permissions: permissionsOf([
      ...plan.changes.flatMap(({ operations }) => operations),
      ...(plan.changes.length > 0 ? lockOperations : []),
    ]),
    basis: { ...basisOf(stack, plan), consent },
  };
}

/** The profile is left out: two operators reach the same account by profiles of their own. */
function basisOf(
  { artifacts, settings: { profile, ...settings } }: Stack,
  { unchanged }: Plan,
): Omit<Basis, 'consent'> {
  const hash = (zip: Uint8Array) => createHash('sha256').update(zip).digest('hex');
  return {
    tool: version,
    settings,
    code: { function: hash(artifacts.functionZip), layer: hash(artifacts.layerZip) },
    unchanged: [...unchanged],
  };
}

/** The IAM actions that operations need, in order. */
const permissionsOf = (operations: readonly Operation[]): string[] =>
  [...new Set(operations.flatMap(operation => factsOf(operation).actions))].sort();

/** What a change brings that costs, and what it takes away. */
function usesOf(
  resource: AwsResource,
  change: Change,
  inventory: Inventory,
): { added: readonly BillableItem[]; removed: readonly BillableItem[] } {
  const found = oursOf(inventory, change.id).find(({ awsId }) => awsId === change.awsId);
  const is = found ? (resource.billableItems?.(found) ?? []) : [];
  const wanted = resource.billableItems?.() ?? [];
  if (change.action === 'create') return { added: wanted, removed: [] };
  if (change.action === 'remove') return { added: [], removed: is };
  return change.action === 'replace' ? { added: wanted, removed: is } : { added: [], removed: [] };
}

function difference(added: readonly BillableItem[], removed: readonly BillableItem[]): string | null {
  const [more, less] = [sumOf(added), sumOf(removed)];
  return more && less ? more.minus(less).toFixed(2) : null;
}

function costOfAll(added: readonly BillableItem[], removed: readonly BillableItem[]): PlannedCost {
  const costs = (uses: readonly BillableItem[], sign: number) =>
    gathered(uses).map(use => ({ what: costOf(use).words, dollars: costOf(use).dollars?.times(sign) }));
  const parts = [...costs(added, 1), ...costs(removed, -1)].sort((a, b) =>
    (b.dollars ?? new Big(0)).abs().cmp((a.dollars ?? new Big(0)).abs()),
  );
  const sum = (sign: 1 | -1) =>
    parts
      .map(({ dollars }) => dollars ?? new Big(0))
      .filter(dollars => dollars.times(sign).gt(0))
      .reduce((total, dollars) => total.plus(dollars), new Big(0))
      .abs()
      .toFixed(2);
  return {
    added: sum(1),
    removed: sum(-1),
    parts: parts.map(({ what, dollars }) => ({ what, monthly: dollars?.toFixed(2) ?? null })),
  };
}

const dollars = (uses: readonly BillableItem[]): string => `$${sumOf(uses)!.toFixed(2)}`;

/** What to know of the price of what a plan makes: what is never free, and what would cost less. One sentence each. */
export function priceNotes({ changes }: Plan, settings: Settings, resources: readonly AwsResource[]): string[] {
  const made = new Set(changes.filter(({ action }) => action === 'create' || action === 'replace').map(({ id }) => id));
  const uses = (...ids: string[]): readonly BillableItem[] =>
    ids.flatMap(id => (made.has(id) ? (resources.find(resource => resource.id === id)?.billableItems?.() ?? []) : []));
  const { cli, instanceType } = settings.hosts;
  const notes: string[] = [];
  if (made.has('nat-gateway')) {
    const wayOut = dollars(uses('nat-gateway', 'address.nat'));
    notes.push(`The NAT gateway and its address are never free: ${wayOut} a month.`);
    if (settings.database.host === undefined) notes.push(insteadOfNat(settings));
  }
  const host = uses('host.cli');
  if (made.has('host.cli') && cli !== true && sumOf(host))
    notes.push(`Without the administration host (hosts.cli: false) it costs ${dollars(host)} a month less.`);
  const hosts = [...uses('host.database'), ...uses('host.cli')].filter(use => 'instance' in use);
  const cheaper = cheaperType(instanceType);
  if (hosts.length > 0 && cheaper) {
    const other = hosts.map(use => ({ ...use, instance: cheaper }));
    const saved = sumOf(hosts)!.minus(sumOf(other)!).toFixed(2);
    notes.push(`Hosts of ${cheaper} in place of ${instanceType} (hosts.instanceType) cost $${saved} a month less.`);
  }
  return notes;
}

/**
 * What the function needs the NAT gateway for when the database is in its own network: AWS's own services, which
 * endpoints reach too.
 */
function insteadOfNat({ database }: Settings): string {
  const services = database.secret === 'env' ? ['SNS'] : ['SNS', 'SSM'];
  const one: BillableItem = { item: 'interfaceEndpoint', amount: services.length };
  const two: BillableItem = { item: 'interfaceEndpoint', amount: 2 * services.length };
  const what = services.length === 1 ? 'An interface endpoint for SNS' : 'Interface endpoints for SNS and SSM';
  return `${what} would be ${dollars([one])} a month in one zone, ${dollars([two])} in both, and reach nothing else; salesreport does not make them.`;
}
