import { salesreport } from '../../suggest.ts';
import { oursOf } from '../engine/inventory.ts';
import type { Found } from '../engine/resource.ts';
import type { InternetGatewayFound } from '../resources/internet-gateway.ts';
import type { FunctionFound } from '../resources/lambda-function.ts';
import type { NatGatewayFound } from '../resources/nat-gateway.ts';
import type { NetworkInterfaceFound } from '../resources/network-interfaces.ts';
import type { RoleFound } from '../resources/role.ts';
import type { RouteTableFound } from '../resources/route-table.ts';
import type { EndpointFound } from '../resources/s3-endpoint.ts';
import { broken, ok, repair, servingIn, type VerifyContext } from './context.ts';
import type { Finding } from './root-cause.ts';

const soon = () => `run ${salesreport`verify`} again in two minutes`;

/**
 * The function and its way out: its interfaces, the route to the NAT gateway, the gateway's own way to the internet,
 * and the one to S3.
 */
export function checkNetwork(walked: VerifyContext): Finding[] {
  const nat = servingIn<NatGatewayFound>(walked, 'nat-gateway');
  const internet = servingIn<InternetGatewayFound>(walked, 'internet-gateway');
  return [
    functionFinding(walked),
    ...interfacesFinding(walked),
    routeFinding(walked, 'private', nat, 'the NAT gateway'),
    natFinding(nat),
    routeFinding(walked, 'public', internet, 'the internet gateway'),
    internetFinding(walked, internet),
    endpointFinding(walked),
  ];
}

function functionFinding(walked: VerifyContext): Finding {
  const { functionName, functionRole } = walked.stack.names;
  const found = servingIn<FunctionFound>(walked, 'function');
  const role = servingIn<RoleFound>(walked, 'role.function');
  const no = (problem: string, advice: string) => broken('function', problem, advice);
  if (!found) return no(`There is no function ${functionName}`, repair('makes it'));
  const { state, stateReason, failedUpdate, reserved, roleId } = found;
  if (state === 'Failed')
    return no(
      `The function ${functionName} has failed (${stateReason ?? 'Lambda gives no reason'})`,
      repair('recreates it'),
    );
  if (state === 'Pending') return no(`Lambda is still making the function ${functionName}`, soon());
  if (!role) return no(`There is no role ${functionRole}, so the function may do nothing`, repair('makes it'));
  if (roleId && roleId !== role.roleId)
    return no(
      `The function ${functionName} is bound to a former role of the name ${functionRole}`,
      repair('recreates it'),
    );
  if (reserved === 0)
    return no(
      `Nothing starts the function ${functionName}, since 0 executions are reserved for it`,
      repair('lifts that'),
    );
  if (failedUpdate) return no(`The last update of ${functionName} failed (${failedUpdate})`, repair('repeats it'));
  return ok('function', functionName);
}

function interfacesFinding(walked: VerifyContext): Finding[] {
  const found = servingIn<FunctionFound>(walked, 'function');
  if (!found) return [];
  const subnets = ['subnet.private-a', 'subnet.private-b'].flatMap(id => servingIn<Found>(walked, id)?.awsId ?? []);
  const { functionName } = walked.stack.names;
  const is = found.configuration.subnets || 'no VPC';
  if (is !== [...subnets].sort().join(', '))
    return [
      broken(
        'interfaces',
        `The function ${functionName} is in ${is} and not in the private subnets`,
        repair('puts it there'),
      ),
    ];
  const interfaces = oursOf(walked.inventory, 'network-interfaces') as NetworkInterfaceFound[];
  const without = subnets.find(subnet => !interfaces.some(({ subnetId }) => subnetId === subnet));
  if (without)
    return [
      broken(
        'interfaces',
        `Lambda has no network interface for ${functionName} in ${without}`,
        'recreate the function with its interfaces',
        salesreport`provision --replace function`,
      ),
    ];
  return [ok('interfaces', interfaces.map(({ awsId }) => awsId).join(', '))];
}

function routeFinding(
  walked: VerifyContext,
  kind: 'private' | 'public',
  gateway: Found | undefined,
  title: string,
): Finding {
  const hop = `${kind} route`;
  const no = (problem: string) => broken(hop, problem, repair('restores it'));
  const table = servingIn<RouteTableFound>(walked, `route-table.${kind}`);
  if (!table) return no(`There is no ${kind} route table`);
  const { awsId, associations, defaultRoute } = table;
  const subnets = ['a', 'b'].flatMap(letter => servingIn<Found>(walked, `subnet.${kind}-${letter}`)?.awsId ?? []);
  const astray = subnets.find(subnet => !associations.some(({ subnetId }) => subnetId === subnet));
  if (astray) return no(`The ${kind} route table ${awsId} does not route the subnet ${astray}`);
  if (defaultRoute === undefined) return no(`The ${kind} route table ${awsId} has no route to ${title}`);
  if (defaultRoute === 'blackhole')
    return no(`The ${kind} route table ${awsId} leads to a gateway that does not forward`);
  if (defaultRoute !== gateway?.awsId)
    return no(`The ${kind} route table ${awsId} leads to ${defaultRoute} and not to ${title}`);
  return ok(hop, `${awsId} to ${defaultRoute}`);
}

function natFinding(nat: NatGatewayFound | undefined): Finding {
  const hop = 'nat gateway';
  if (!nat) return broken(hop, 'There is no NAT gateway', repair('makes one'));
  const { awsId, state, failure } = nat;
  if (state === 'available') return ok(hop, `${awsId} is available`);
  if (state === 'pending') return broken(hop, `The NAT gateway ${awsId} is still being made`, soon());
  return broken(hop, `The NAT gateway ${awsId} is ${state}${failure ? ` (${failure})` : ''}`, repair('makes another'));
}

function internetFinding(walked: VerifyContext, internet: InternetGatewayFound | undefined): Finding {
  const hop = 'internet gateway';
  const vpc = servingIn<Found>(walked, 'vpc')?.awsId;
  if (!internet) return broken(hop, 'There is no internet gateway', repair('makes one'));
  if (internet.attachedTo === undefined || internet.attachedTo !== vpc)
    return broken(hop, `The internet gateway ${internet.awsId} is not attached to the VPC`, repair('attaches it'));
  return ok(hop, `${internet.awsId} is attached`);
}

function endpointFinding(walked: VerifyContext): Finding {
  const hop = 's3 endpoint';
  const endpoint = servingIn<EndpointFound>(walked, 'endpoint.s3');
  if (!endpoint) return broken(hop, 'There is no S3 endpoint', repair('makes it'));
  const { awsId, state, routeTables, isOpen } = endpoint;
  const table = servingIn<RouteTableFound>(walked, 'route-table.private')?.awsId;
  if (state !== 'available') return broken(hop, `The S3 endpoint ${awsId} is ${state}`, repair('sees to it'));
  if (table !== undefined && !routeTables.includes(table))
    return broken(hop, `The private route table has no route to the S3 endpoint ${awsId}`, repair('restores it'));
  if (!isOpen) return broken(hop, `The policy of the S3 endpoint ${awsId} is not AWS's own`, repair('restores it'));
  return ok(hop, `${awsId} is available`);
}
