import { Option } from 'commander';
import { Problem } from '../problem.ts';
import { as, flagged } from '../suggest.ts';
import { declined, type Session, verifyCanAsk } from './session.ts';

/** Consent by name, as it was given on the command line. */
export interface ConfirmFlag {
  confirm?: string;
}

/** The flag by which a script consents to what loses data. It stands for `--yes` too. */
export const confirmOption = (): Option =>
  new Option('--confirm <stack>', "allow a loss of data without a prompt; must be the stack's name");

/** Whether the command goes on without asking: `--yes`, or the stack's name. */
export const isGiven = ({ flags }: Session, { confirm }: ConfirmFlag): boolean =>
  Boolean(flags.yes) || confirm !== undefined;

/**
 * Throws Problem `confirmation-needed` where `what` cannot ask, or may not go on unasked: to be called before any call
 * to AWS. `loss` is what loses data as far as the flags tell, such as `--delete-archive`; then only the stack's name is
 * consent. Throws Problem `wrong-name` where that is another stack's.
 */
export function verifyConsent(
  session: Session,
  what: string,
  stack: string,
  { confirm }: ConfirmFlag,
  loss?: string,
): void {
  if (confirm !== undefined && confirm !== stack)
    throw new Problem(
      'wrong-name',
      `The flag --confirm names "${confirm}", and this is stack ${stack}: nothing was changed.`,
      {
        exit: 'usage',
      },
    );
  if (loss !== undefined) verifyNamed(session, `The flag ${loss} loses data`, stack, { confirm });
  if (confirm === undefined) verifyCanAsk(session, what);
}

/**
 * Has a person consent to a change that only the stack's name can consent to. `what` is the change as a whole sentence
 * without its full stop, such as `This removes everything of stack shop`. Throws Problem `confirmation-needed` where
 * nobody can be asked, and `declined` where another name is typed.
 */
export async function consentByName(session: Session, what: string, stack: string, flag: ConfirmFlag): Promise<void> {
  verifyNamed(session, what, stack, flag);
  if (flag.confirm !== undefined) return;
  if (!(await session.terminal.confirmByName(`${what}.`, stack))) throw declined();
}

function verifyNamed({ flags, terminal }: Session, what: string, stack: string, { confirm }: ConfirmFlag): void {
  if (confirm !== undefined || (terminal.isInteractive && !flags.yes)) return;
  const why = flags.yes ? '--yes does not consent to that' : 'there is no terminal to ask at';
  throw new Problem(
    'confirmation-needed',
    `${what}, and ${why}: add ${flagged`--confirm ${as.stack(stack)}`}. Nothing was changed.`,
    {
      exit: 'usage',
    },
  );
}
