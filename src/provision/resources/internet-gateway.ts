import type { InternetGateway } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import { recordOf } from '../aws/owner.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { ready } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { stackVpc } from './stack-vpc.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { routeTablesIn } from './vpc-contents.ts';

export interface InternetGatewayFound extends Tagged {
  attachedTo?: string;
  /** Of the attachment: `attaching`, then `available`. */
  state?: string;
}

/**
 * The API reference says `attached`; what AWS answers for internet gateways is `available` (terraform-provider-aws,
 * waitInternetGatewayAttached).
 */
const attached = ['attached', 'available'];

export function internetGateway(stack: Stack, needs: { vpc: AwsResource<VpcFound> }) {
  const { aws, intents, names, owner } = stack;
  const id = 'internet-gateway';
  const resource = awsResource<InternetGatewayFound, typeof needs>({
    id,
    title: 'Internet gateway',
    wanted: true,
    needsIntent: true,
    needs,
    operations: {
      create: ['ec2:CreateInternetGateway', 'ec2:AttachInternetGateway'],
      update: ['ec2:AttachInternetGateway'],
      remove: ['ec2:DetachInternetGateway', 'ec2:DeleteInternetGateway'],
    },
    durations: { create: ['gateway.attached'], update: ['gateway.attached'] },

    async find(snapshot) {
      // All of the account: ours may be not attached yet, or attached and without its tags. A VPC has one.
      const [{ InternetGateways = [] }, own, tables, { begunAt, awsIds }] = await Promise.all([
        snapshot.read('ec2:DescribeInternetGateways', {}),
        stackVpc(snapshot, owner),
        routeTablesIn(snapshot, owner),
        intents.recorded(id, snapshot),
      ]);
      const isAttached = ({ Attachments = [] }: InternetGateway) =>
        Attachments.some(({ VpcId }) => VpcId && VpcId === own?.VpcId);
      // Only what was once attached to a VPC is the target of its routes; with the stack's tags alone it is somebody's
      // who copied them.
      const routed = new Set(tables.flatMap(({ Routes = [] }) => Routes.map(({ GatewayId }) => GatewayId)));
      const isFree = ({ InternetGatewayId = '', Attachments = [], Tags }: InternetGateway) =>
        Attachments.length === 0 &&
        (routed.has(InternetGatewayId) ||
          awsIds.includes(InternetGatewayId) ||
          (begunAt !== undefined && recordOf(Tags)[tagKeys.begun] === String(begunAt)));
      return owner
        .recognise(
          InternetGateways.filter(one => isAttached(one) || isFree(one)),
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
      const { begunAt } = await intents.recorded(id, new Snapshot(aws));
      const begun = begunAt === undefined ? [] : [{ Key: tagKeys.begun, Value: String(begunAt) }];
      const [tags] = owner.ec2Tags('internet-gateway', id, names.vpc);
      const { InternetGateway = {} } = await aws.call('ec2:CreateInternetGateway', {
        TagSpecifications: [{ ...tags!, Tags: [...tags!.Tags, ...begun] }],
      });
      await intents.remember(id, [InternetGateway.InternetGatewayId!]);
      return { awsId: InternetGateway.InternetGatewayId!, ours: true };
    },

    // A NAT gateway that is made before ends `failed` (Gateway.NotAttached).
    readiness: ({ state = 'not attached' }) =>
      attached.includes(state) ? ready : { state: 'waiting', why: `the internet gateway is ${state}` },

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
      intents.forget(id);
    },

    async remove({ awsId, attachedTo }) {
      if (attachedTo) {
        // It is free from then on, and only the lock tells it from another with the same tags.
        await intents.remember(id, [awsId]);
        await unlessNotFound(aws.call('ec2:DetachInternetGateway', { InternetGatewayId: awsId, VpcId: attachedTo }));
      }
      await unlessNotFound(aws.call('ec2:DeleteInternetGateway', { InternetGatewayId: awsId }));
      await intents.remember(id, []);
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
