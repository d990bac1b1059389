import { unsubscribing } from '../../provision/readers/confirm-reader.ts';
import type { Subscriber } from '../../provision/readers/subscribers.ts';
import { salesreport } from '../../suggest.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table } from '../layout.ts';

/** Who gets the report. */
export function readersTable(subscribers: readonly Subscriber[], canvas: Canvas): string {
  const { style } = canvas;
  return table(
    subscribers.map(({ state, protocol, endpoint, added }) => [
      state === 'confirmed' ? style.green('✓ confirmed') : style.yellow('… pending'),
      endpoint,
      state === 'confirmed'
        ? style.dim(protocol)
        : added
          ? 'AWS has just asked for confirmation'
          : 'has not confirmed yet',
    ]),
    canvas,
    [1, 2],
  );
}

/** What `subscribe` did, and what each new reader must do now. */
export function subscribedView(subscribers: readonly Subscriber[], canvas: Canvas): string {
  const waiting = subscribers.filter(({ state }) => state === 'pending');
  const isOperator = subscribers.some(({ notices }) => notices);
  const next = isOperator
    ? waiting.length > 0
      ? 'AWS has mailed each pending operator ("AWS Notification - Subscription Confirmation"): notices of blocked and failed reports come only after a click on the link in it, which AWS forgets after two days. Operators get no reports: for those, subscribe the address without --operator too.'
      : 'All of them get the notices.'
    : waiting.length > 0
      ? `AWS has mailed each pending reader ("AWS Notification - Subscription Confirmation"): the report comes only after a click on the link in it. AWS forgets the request after two days. Each report ends with a link that unsubscribes its reader, whoever or whatever follows it; it does nothing for those whom ${salesreport`subscribe confirm LINK`} confirms in place of the click.`
      : 'All of them get the report.';
  return `${readersTable(subscribers, canvas)}\n\n${paragraph(next, canvas)}`;
}

/** A reader whom only the account can unsubscribe, and how. */
export function confirmedView(reader: Subscriber, region: string, canvas: Canvas): string {
  const next = `No link in a mail can unsubscribe ${reader.endpoint}. Only your account can:`;
  // One line, however long, so that it can be copied.
  return `${readersTable([reader], canvas)}\n\n${paragraph(next, canvas)}\n  ${unsubscribing(region, reader.arn!)}`;
}
