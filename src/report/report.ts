import type * as z from 'zod';
import type { ReportOptions } from '../function-contract.ts';
import type { Change } from './change.ts';
import type { Decimal, Window } from './facts.ts';
import type { reportSchema } from './report-schema.ts';

/** What the report needs to know of the settings. */
export interface ReportSettings {
  stack: string;
  /** As AWS writes it: `cron(…)` or `rate(…)`. */
  schedule: string;
  /** IANA name. */
  timezone: string;
  /** BCP 47. */
  locale: string;
  /** ISO 4217; amounts carry no symbol without one. */
  currency?: string | undefined;
  report: ReportOptions;
}

/** What a report is made for, beside its window. */
export interface RunContext {
  /** When it is computed, ms since 1970 UTC. */
  now: number;
  /** The window goes on. */
  partial?: boolean;
  /** How often it was sent before, and why it is sent again. */
  revision?: number;
  reason?: string;
  /** Sent although a check blocks it. */
  forced?: boolean;
  /** A run before this one may have sent it and died before it could say so. */
  repeat?: boolean;
  /** Sent although its data are late, since it was held long enough. */
  incomplete?: boolean;
  /** What was last told of earlier windows. */
  told?: readonly Reported[];
  /** Windows whose reports were archived and sent to nobody since the report before. */
  unsent?: readonly Window[];
}

/** What a reader was last told of a window: its sales and orders as they were read at `at`, an ISO instant. */
export interface Reported extends Window {
  sales: Decimal;
  orders: number;
  at: string;
}

/** A window that was reported before and has other sales now. */
export interface Late extends Window {
  /** Now, and when it was last told. */
  sales: Decimal;
  orders: number;
  salesBefore: Decimal;
  ordersBefore: number;
}

/** The sales of a part of the calendar up to the window's end, and against as much of the one before. */
export interface ToDate {
  from: string;
  sales: Decimal;
  change: Change;
}

/** The report, as one plain model that every renderer is a function of. */
export type Report = z.infer<typeof reportSchema>;

/** A part of the report that is left out, which is not the same as empty. `why` is a sentence for its reader. */
export interface Omitted {
  block: 'groups' | 'products' | 'movers' | 'missing' | 'units';
  why: string;
}
