import type { AwsResource, Stack } from '../stack.ts';
import { isSameRule, type Rule, securityGroup, tcp } from './security-group.ts';
import type { VpcFound } from './vpc.ts';

/** The group of what faces the internet: SSH from the operator only, the web from everywhere. */
export function webGroup(stack: Stack, needs: { vpc: AwsResource<VpcFound> }) {
  const { adminCidr, webPorts } = stack.settings.network;
  const web: Rule[] = [80, 443].map(port => tcp(port, '0.0.0.0/0', 'Web from anywhere'));

  const sshFrom = (cidr: string) => tcp(22, cidr, 'SSH from the administrator');

  /** A CIDR that was found out once is kept: an operator on the move must not lose the rule by looking. */
  const admin = async (rules: Rule[]): Promise<string | undefined> => {
    if (adminCidr === 'none') return undefined;
    if (adminCidr !== 'auto') return adminCidr;
    const kept = rules.find(rule => rule.from.endsWith('/32') && isSameRule(rule, sshFrom(rule.from)));
    if (kept) return kept.from;
    const address = await stack.publicAddress();
    return address && `${address}/32`;
  };

  return securityGroup(
    stack,
    { ...needs },
    {
      id: 'group.web',
      name: stack.names.webGroup,
      description: 'Hosts that face the internet, and who may reach the database',
      admin,
      wantedRules: found => [...(found.admin ? [sshFrom(found.admin)] : []), ...(webPorts ? web : [])],
    },
  );
}
