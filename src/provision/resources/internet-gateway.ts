import type { InternetGateway } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { stackVpc } from './stack-vpc.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';

export interface InternetGatewayFound extends Tagged {
  attachedTo?: string;
  /** Of the attachment: `attaching`, then `available`. */
  state?: string;
}

/** The API reference says `attached`; what AWS answers for internet gateways is `available` (terraform-provider-aws, waitInternetGatewayAttached). */
const attached = ['attached', 'available'];

export function internetGateway(stack: Stack, needs: { vpc: AwsResource<VpcFound> }) {
  const { aws, names, owner } = stack;
  const id = 'internet-gateway';
  const resource = awsResource<InternetGatewayFound, typeof needs>({
    id,
    title: 'Internet gateway',
    wanted: true,
    noted: true,
    needs,
    operations: {
      create: ['ec2:CreateInternetGateway', 'ec2:AttachInternetGateway'],
      update: ['ec2:AttachInternetGateway'],
      remove: ['ec2:DetachInternetGateway', 'ec2:DeleteInternetGateway'],
    },
    takes: { create: ['gateway.attached'], update: ['gateway.attached'] },

    async find(look) {
      // All of the account: ours may be not attached yet, or attached and without its tags. A VPC has one.
      const [{ InternetGateways = [] }, own] = await Promise.all([
        look.read('ec2:DescribeInternetGateways', {}),
        stackVpc(look, owner),
      ]);
      const isAttached = ({ Attachments = [] }: InternetGateway) =>
        Attachments.some(({ VpcId }) => VpcId && VpcId === own?.VpcId);
      const isElsewhere = ({ Attachments = [] }: InternetGateway) =>
        Attachments.some(({ VpcId }) => VpcId && VpcId !== own?.VpcId);
      return owner
        .recognise(
          InternetGateways.filter(one => !isElsewhere(one)),
          { resource: id, name: names.vpc },
          isAttached,
        )
        .map(({ thing: { InternetGatewayId = '', Attachments }, ...owned }) => ({
          awsId: InternetGatewayId,
          ...owned,
          attachedTo: Attachments?.[0]?.VpcId,
          state: Attachments?.[0]?.State,
        }))
        .sort((a, b) => Number(b.attachedTo !== undefined) - Number(a.attachedTo !== undefined));
    },

    async create() {
      const { InternetGateway = {} } = await aws.call('ec2:CreateInternetGateway', {
        TagSpecifications: owner.ec2Tags('internet-gateway', id, names.vpc),
      });
      return { awsId: InternetGateway.InternetGatewayId!, ours: true };
    },

    // A NAT gateway that is made before ends `failed` (Gateway.NotAttached).
    readiness: ({ state = 'not attached' }) =>
      attached.includes(state) ? 'ready' : { waiting: `the internet gateway is ${state}` },

    differences: (found, { vpc }) =>
      vpc && found.attachedTo !== vpc.awsId
        ? [{ what: 'attachment', is: found.attachedTo ?? 'none', wanted: vpc.awsId, how: 'update' }]
        : [],

    async update(found, { vpc }) {
      try {
        await aws.call('ec2:AttachInternetGateway', { InternetGatewayId: found.awsId, VpcId: vpc.awsId });
      } catch (error) {
        // Attached by a call whose answer was lost.
        if (!hasName(error, 'Resource.AlreadyAssociated')) throw error;
      }
    },

    async remove({ awsId, attachedTo }) {
      if (attachedTo)
        await unlessNotFound(aws.call('ec2:DetachInternetGateway', { InternetGatewayId: awsId, VpcId: attachedTo }));
      await unlessNotFound(aws.call('ec2:DeleteInternetGateway', { InternetGatewayId: awsId }));
    },

    holders: async ({ attachedTo }) =>
      attachedTo ? new Holders(stack).ofInternetGateway(attachedTo) : { by: [], none: [], unasked: [] },

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeInternetGateways', { InternetGatewayIds: [awsId] }, awsId, ({ InternetGateways }) =>
        InternetGateways?.[0] ? 'available' : undefined,
      ),
  });
  return tagged(stack, ec2Tagging(stack, names.vpc), resource);
}
