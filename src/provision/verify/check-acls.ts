import { aclRuleWords, closedBy, type Flow } from '../resources/network-acl.ts';
import type { SubnetFound } from '../resources/subnet.ts';
import { broken, ok, repair, servingIn, type VerifyContext } from './context.ts';
import type { Finding } from './root-cause.ts';

const hop = 'network acl';
const everywhere = '0.0.0.0/0';
/**
 * To whom a connection is answered: Lambda and NAT gateways ask from any of these (VPC user guide, "Custom network
 * ACLs": ephemeral ports).
 */
const answers = [1_024, 65_535] as const;

interface Leg extends Flow {
  subnet: string;
}

/** A connection as the subnet that it leaves sees it, and as the one that it enters does. */
const leaving = (subnet: string, to: string, port: number): Leg[] => [
  { subnet, out: true, ports: [port, port], cidr: to },
  { subnet, out: false, ports: answers, cidr: to },
];
const entering = (subnet: string, from: string, port: number): Leg[] => [
  { subnet, out: false, ports: [port, port], cidr: from },
  { subnet, out: true, ports: answers, cidr: from },
];

/**
 * What passes the subnets on the function's way: to the shop's database, and through the NAT gateway to AWS's services.
 */
function legsOf({ stack }: VerifyContext): Leg[] {
  const { database, network } = stack.settings;
  const { publicA, privateA, privateB } = network.subnets;
  const ownHost = database.host === undefined;
  const outside = ownHost ? [443] : [443, database.port];
  const gateway = 'subnet.public-a';
  return [['subnet.private-a', privateA] as const, ['subnet.private-b', privateB] as const]
    .flatMap(([subnet, range]) => [
      ...(ownHost ? [...leaving(subnet, publicA, database.port), ...entering(gateway, range, database.port)] : []),
      ...outside.flatMap(port => [...leaving(subnet, everywhere, port), ...entering(gateway, range, port)]),
    ])
    .concat(outside.flatMap(port => leaving(gateway, everywhere, port)));
}

/** The network ACLs in front of the subnets: they close ways without a word, and no group shows it. */
export function walkAcls(walked: VerifyContext): Finding {
  for (const { subnet: id, ...flow } of legsOf(walked)) {
    const subnet = servingIn<SubnetFound>(walked, id);
    const acl = subnet?.networkAcl;
    const closed = acl && closedBy(acl, flow);
    if (!closed) continue;
    const { out, ports, cidr } = flow;
    const [first, last] = ports;
    const traffic = `tcp ${first === last ? first : `${first}-${last}`} ${out ? `out to ${cidr}` : `in from ${cidr}`}`;
    const why = closed === 'none' ? 'no rule allows that' : `rule ${closed.number}: ${aclRuleWords(closed)}`;
    return broken(
      hop,
      `The network ACL ${acl.id} of ${subnet.awsId} does not let ${traffic} (${why})`,
      repair(acl.isDefault ? 'opens it again' : 'gives the subnet that of its VPC again'),
    );
  }
  return ok(hop, 'lets everything pass that has to');
}
