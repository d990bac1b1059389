import type { Hop } from '../../function-contract.ts';
import type { Look } from '../aws/look.ts';
import { differencesOf } from '../engine/plan.ts';
import type { AnyResource, Found } from '../engine/resource.ts';
import { isRefused } from '../invoke.ts';
import type { HostFound } from '../resources/host.ts';
import { passwordParameter } from '../resources/role-policies.ts';
import type { Finding } from './join.ts';
import { repair, servingIn, type Walked } from './world.ts';

/** What AWS asks before it lets the function do it: whose absence or change explains a refusal. */
const asked: Record<string, readonly string[]> = {
  secret: ['parameter.password', 'role.function'],
  topic: ['topic', 'role.function'],
  archive: ['archive', 'role.function'],
};

/** A hop of the probe as a finding; one that is broken with the cause and what to do, as far as the configuration tells. */
export function findingOf(walked: Walked, resources: readonly AnyResource<Look>[], hop: Hop): Finding {
  const { hop: name, ok, ms, skipped, detail } = hop;
  const told = { hop: name, ...(skipped ? {} : { ms }), ...(detail ? { detail } : {}) };
  const cause = ok ? undefined : causeIn(walked, resources, name);
  if (ok) return { ...told, state: 'ok' };
  // What was not tried may still be seen to be forbidden.
  if (skipped) return { ...told, state: cause && detail ? 'warning' : 'skipped', ...(cause && detail ? { why: cause } : {}) };
  const reached = hop.hop !== 'archive' && (isRefused(hop) || isUnheard(hop));
  return {
    ...told,
    state: 'broken',
    ...(reached ? { reached } : {}),
    why: cause ?? adviceFor(walked, hop) ?? detail ?? 'It gave no reason.',
  };
}

/** What of the resources behind a hop is missing or changed, and the repair. */
function causeIn(walked: Walked, resources: readonly AnyResource<Look>[], hop: string): string | undefined {
  for (const id of asked[hop] ?? []) {
    const resource = resources.find(one => one.id === id && one.wanted);
    if (!resource) continue;
    const found = servingIn<Found>(walked, id);
    if (!found) return missing(walked, resource);
    const changed = differencesOf(resource, found, walked.world).filter(({ what }) => !what.startsWith('tag '));
    if (changed.length > 0)
      return `${resource.title} is not as it should be (${changed.map(({ what }) => what).join(', ')}): ${repair('puts that right')}.`;
  }
  return undefined;
}

function missing(walked: Walked, { id, title }: AnyResource<Look>): string {
  if (id !== 'parameter.password') return `${title} is gone: ${repair('makes it anew')}.`;
  const restart = restartOf(walked);
  return `The parameter ${passwordParameter(walked.stack)} with the database's password is gone: ${repair('makes it anew')}${
    restart ? `, then let the host take the new password with ${restart}` : ''
  }.`;
}

/** At each start the set-up of our own host starts the database, sets the password and makes tables that are missing. */
function restartOf(walked: Walked): string | undefined {
  const host = servingIn<HostFound>(walked, 'host.database');
  return host && `aws ec2 reboot-instances --region ${walked.stack.region} --instance-ids ${host.awsId}`;
}

/** The host answers that nothing listens there. */
const isUnheard = ({ hop, detail = '' }: Hop): boolean => hop === 'tcp' && /ECONNREFUSED|Nothing listens/.test(detail);

/** What to do where nothing of the stack explains it. */
function adviceFor(walked: Walked, hop: Hop): string | undefined {
  const { stack } = walked;
  const { host, name, user } = stack.settings.database;
  if (isRefused(hop))
    return `AWS refuses it although the function's role, the topic, the archive and the secret are as they should be (${hop.detail}): look for a policy outside of the stack, such as one of your organisation.`;
  const restart = host === undefined ? restartOf(walked) : undefined;
  if (!restart) return undefined;
  if (isUnheard(hop)) return `The database does not run although its host does: start it with ${restart}.`;
  if (hop.hop === 'login')
    return `The database refuses ${user} with the password in ${passwordParameter(stack)}: let the host take that password with ${restart}.`;
  if (hop.hop.startsWith('select ') && /lacks the table/.test(hop.detail ?? ''))
    return `The database ${name} lacks the table ${hop.hop.slice('select '.length)}: restore it, or make it with its first data only with ${restart}.`;
  return undefined;
}
