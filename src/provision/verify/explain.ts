import type { Hop } from '../../function-contract.ts';
import { as, awsCli } from '../../suggest.ts';
import { differencesOf } from '../engine/plan.ts';
import type { AnyResource, Found } from '../engine/resource.ts';
import type { AddressFound } from '../resources/address.ts';
import type { HostFound } from '../resources/host.ts';
import { passwordParameter } from '../resources/role-policies.ts';
import { isRefused } from '../verbs/invoke.ts';
import { refusedLogin } from '../verbs/refused-login.ts';
import { repair, servingIn, type VerifyContext } from './context.ts';
import type { Finding } from './root-cause.ts';

/** What AWS asks before it lets the function do it: whose absence or change explains a refusal. */
const asked: Record<string, readonly string[]> = {
  secret: ['parameter.password', 'role.function'],
  topic: ['topic', 'role.function'],
  'operators topic': ['topic.operators', 'role.function'],
  archive: ['archive', 'role.function'],
};

/** Why a hop does not work and what to do, one sentence, with the command that it asks for. */
type Cause = Pick<Finding, 'why' | 'command'>;

/**
 * A hop of the probe as a finding; one that is broken with the cause and what to do, as far as the configuration tells.
 */
export function findingOf(walked: VerifyContext, resources: readonly AnyResource[], hop: Hop): Finding {
  const { hop: name, ok, ms, skipped, detail } = hop;
  const told = { hop: name, ...(skipped ? {} : { ms }), ...(detail ? { detail } : {}) };
  if (ok) return { ...told, state: 'ok' };
  const cause = causeIn(walked, resources, name);
  // What was not tried for a reason of its own may still be seen to be forbidden.
  if (skipped) return cause && detail ? { ...told, state: 'warning', ...cause } : { ...told, state: 'skipped' };
  const reached = name !== 'archive' && (isRefused(hop) || isUnheard(hop));
  const why = cause ?? adviceFor(walked, hop) ?? { why: detail ?? 'It gave no reason.' };
  return { ...told, state: 'broken', ...(reached ? { reached } : {}), ...why };
}

/** What of the resources behind a hop is missing or changed, and the repair. */
function causeIn(walked: VerifyContext, resources: readonly AnyResource[], hop: string): Cause | undefined {
  for (const id of asked[hop] ?? []) {
    const resource = resources.find(one => one.id === id && one.wanted);
    if (!resource) continue;
    const found = servingIn<Found>(walked, id);
    if (!found) return missing(walked, resource);
    const changed = differencesOf(resource, found, walked.inventory).filter(({ what }) => !what.startsWith('tag '));
    if (changed.length > 0)
      return {
        why: `${resource.title} does not match the settings (${changed.map(({ what }) => what).join(', ')}): ${repair('updates it')}.`,
      };
  }
  return undefined;
}

function missing(walked: VerifyContext, { id, title }: AnyResource): Cause {
  if (id !== 'parameter.password') return { why: `${title} is gone: ${repair('recreates it')}.` };
  const command = restartOf(walked);
  const then = command ? ', then restart the host, which takes the new password' : '';
  return {
    why: `The parameter ${passwordParameter(walked.stack)} with the database's password is gone: ${repair('recreates it')}${then}.`,
    ...(command ? { command } : {}),
  };
}

/**
 * At each start the set-up of our own host starts the database, sets the password and makes tables that are missing.
 */
function restartOf(walked: VerifyContext): string | undefined {
  const host = walked.stack.settings.database.host === undefined && servingIn<HostFound>(walked, 'host.database');
  return host
    ? awsCli`ec2 reboot-instances --region ${as.region(walked.stack.region)} --instance-ids ${as.awsId(host.awsId)}`
    : undefined;
}

/** The host answers that nothing listens there. */
const isUnheard = ({ hop, detail = '' }: Hop): boolean => hop === 'tcp' && /ECONNREFUSED|Nothing listens/.test(detail);

/** What to do where nothing of the stack explains it. */
function adviceFor(walked: VerifyContext, hop: Hop): Cause | undefined {
  const { stack } = walked;
  const { name, user } = stack.settings.database;
  const { hop: what, detail = '' } = hop;
  if (isRefused(hop))
    return {
      why: `AWS refuses it although the function's role and what it asks for are as they should be (${detail}): look for a policy outside of the stack, such as one of your organisation.`,
    };
  const { host } = stack.settings.database;
  const refused = what === 'login' ? refusedLogin(stack.settings.database, detail) : undefined;
  if (refused) return { why: refused };
  if (host !== undefined && what === 'tcp') {
    const address = servingIn<AddressFound>(walked, 'address.nat')?.publicIp;
    if (address)
      return {
        why: `${detail.replace(/\.$/, '')}. The function comes from ${address}, the address of the NAT gateway: let that in there.`,
      };
  }
  const command = restartOf(walked);
  if (!command) return undefined;
  if (isUnheard(hop))
    return { why: 'The database does not run although its host does: restart the host, which starts it.', command };
  if (what === 'login')
    return {
      why: `The database refuses ${user} with the password in ${passwordParameter(stack)}: restart the host, which takes that password at each start.`,
      command,
    };
  if (what.startsWith('select ') && /lacks the table/.test(detail))
    return {
      why: `The database ${name} lacks the table ${what.slice('select '.length)}: restore it, or restart the host, which makes it with its first data only.`,
      command,
    };
  return undefined;
}
