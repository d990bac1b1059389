import { Problem } from '../../problem.ts';
import { hasName } from '../aws/errors.ts';
import type { Operation } from '../aws/operation.ts';
import type { Change } from '../engine/outcome.ts';
import type { Stack } from '../stack.ts';
import type { Refusal } from './simulate.ts';

/** What EC2 can be asked to do without doing it: creates that need no id, and the removal of what is there. */
const dryRuns: Partial<Record<Operation, (awsId: string) => object>> = {
  'ec2:DeleteInternetGateway': InternetGatewayId => ({ InternetGatewayId }),
  'ec2:DeleteNatGateway': NatGatewayId => ({ NatGatewayId }),
  'ec2:DeleteRouteTable': RouteTableId => ({ RouteTableId }),
  'ec2:DeleteSecurityGroup': GroupId => ({ GroupId }),
  'ec2:DeleteSubnet': SubnetId => ({ SubnetId }),
  'ec2:DeleteVpc': VpcId => ({ VpcId }),
  'ec2:DeleteVpcEndpoints': id => ({ VpcEndpointIds: [id] }),
  'ec2:ReleaseAddress': AllocationId => ({ AllocationId }),
  'ec2:TerminateInstances': id => ({ InstanceIds: [id] }),
};

function dryCreates({ owner, settings, names }: Stack): Partial<Record<Operation, object>> {
  return {
    'ec2:AllocateAddress': {
      Domain: 'vpc',
      TagSpecifications: owner.ec2Tags('elastic-ip', 'address.nat', `${names.vpc} NAT`),
    },
    'ec2:CreateInternetGateway': {
      TagSpecifications: owner.ec2Tags('internet-gateway', 'internet-gateway', names.vpc),
    },
    'ec2:CreateVpc': { CidrBlock: settings.network.cidr, TagSpecifications: owner.ec2Tags('vpc', 'vpc', names.vpc) },
  };
}

/** The operations of a change, and what they are about where that is there already. */
interface Attempt extends Pick<Change, 'awsId'> {
  operations: readonly Operation[];
}

/** Asks EC2 whether it would do what changes need, all policies considered, and gives what it refuses. */
export async function tryDry(stack: Stack, changes: readonly Attempt[]): Promise<Refusal[]> {
  const creates = dryCreates(stack);
  const attempts = changes.flatMap(({ operations, awsId }) =>
    operations.flatMap(operation => {
      const input = creates[operation] ?? (awsId === undefined ? undefined : dryRuns[operation]?.(awsId));
      return input ? [{ operation, input: { ...input, DryRun: true } }] : [];
    }),
  );
  const refused = await Promise.all(
    attempts.map(async ({ operation, input }): Promise<Refusal[]> => {
      try {
        await stack.aws.call(operation, input as never);
        return [];
      } catch (error) {
        if (hasName(error, 'DryRunOperation')) return [];
        if (error instanceof Problem && error.code === 'access-denied') return [refusalOf(error, operation)];
        if (error instanceof Problem) throw error;
        // Anything else is met again, and told, by the call itself.
        return [];
      }
    }),
  );
  return refused.flat();
}

function refusalOf({ aws }: Problem, operation: Operation): Refusal {
  const { action = operation, resource = '*', ...denial } = aws?.denial ?? {};
  return { action, resource, ...denial, aws };
}
