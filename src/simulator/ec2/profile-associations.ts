import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { filtered } from './filters.ts';
import { profileFor } from './launch.ts';
import type { Instance } from './records.ts';
import { required } from './refusals.ts';

const describe = ({ id, profileArn, profileAssociation }: Instance) => ({
  AssociationId: profileAssociation,
  InstanceId: id,
  IamInstanceProfile: { Arn: profileArn },
  State: 'associated' as const,
});

const associated = (world: World): Instance[] =>
  world.ec2.instances.existing().filter(({ profileAssociation, termination }) => profileAssociation && !termination);

/** Which profile an instance has. Each change of it is an association of its own. */
export const profileAssociations: Pick<
  SimulatedService<'ec2'>,
  'AssociateIamInstanceProfile' | 'DescribeIamInstanceProfileAssociations' | 'ReplaceIamInstanceProfileAssociation'
> = {
  AssociateIamInstanceProfile: {
    takes: ['InstanceId', 'IamInstanceProfile'],
    run(input, world) {
      const instance = world.ec2.instances.get(required(input.InstanceId, 'InstanceId'));
      if (instance.profileAssociation)
        throw new AwsError('IncorrectState', `There is an existing association for instance ${instance.id}`);
      instance.profileArn = profileFor(world, required(input.IamInstanceProfile, 'IamInstanceProfile'));
      instance.profileAssociation = world.newId('iip-assoc');
      return { IamInstanceProfileAssociation: describe(instance) };
    },
  },
  DescribeIamInstanceProfileAssociations: {
    takes: ['AssociationIds', 'Filters'],
    run(input, world) {
      const rows = associated(world).map(describe);
      return {
        IamInstanceProfileAssociations: filtered(rows, input.Filters, {
          'instance-id': row => row.InstanceId,
          state: row => row.State,
        }),
      };
    },
  },
  ReplaceIamInstanceProfileAssociation: {
    takes: ['AssociationId', 'IamInstanceProfile'],
    run(input, world) {
      const id = required(input.AssociationId, 'AssociationId');
      const instance = associated(world).find(({ profileAssociation }) => profileAssociation === id);
      if (!instance)
        throw new AwsError('InvalidAssociationID.NotFound', `An invalid association-id of '${id}' was given`);
      instance.profileArn = profileFor(world, required(input.IamInstanceProfile, 'IamInstanceProfile'));
      instance.profileAssociation = world.newId('iip-assoc');
      return { IamInstanceProfileAssociation: describe(instance) };
    },
  },
};
