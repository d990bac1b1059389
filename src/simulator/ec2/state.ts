import { AwsError } from '../aws-error.ts';
import type { World } from '../world.ts';
import { ClientTokens } from './client-tokens.ts';
import { publishedImages } from './images.ts';
import { type InventoryRow, inventory } from './inventory.ts';
import {
  attachLambdaInterfaces,
  hasLambdaInterfaces,
  releaseLambdaInterfaces,
  strandLambdaInterfaces,
} from './network/lambda-interfaces.ts';
import { findHost, type Host, reachesInternet, reachesS3 } from './network/reachability.ts';
import type {
  Address,
  Attached,
  Endpoint,
  Instance,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  Peering,
  RouteTable,
  Rule,
  SecurityGroup,
  Snapshot,
  Subnet,
  Volume,
  Vpc,
} from './records.ts';
import { type Thing, Things } from './things.ts';

/** EC2 and VPC of one account in one region, and what the other simulated services and tests may ask of them. */
export class Ec2World {
  readonly world: World;
  readonly vpcs: Things<Vpc>;
  readonly subnets: Things<Subnet>;
  readonly internetGateways: Things<InternetGateway>;
  readonly natGateways: Things<NatGateway>;
  readonly addresses: Things<Address>;
  readonly routeTables: Things<RouteTable>;
  readonly networkAcls: Things<NetworkAcl>;
  readonly groups: Things<SecurityGroup>;
  readonly rules: Things<Rule>;
  readonly interfaces: Things<NetworkInterface>;
  readonly instances: Things<Instance>;
  readonly volumes: Things<Volume>;
  readonly snapshots: Things<Snapshot>;
  readonly endpoints: Things<Endpoint>;
  readonly vpnGateways: Things<Attached>;
  readonly egressOnlyGateways: Things<Attached>;
  readonly peerings: Things<Peering>;
  readonly tokens = new ClientTokens();
  /** Published machine images, oldest first; a test publishes a newer one by adding it. */
  readonly images = publishedImages();
  /** Of one region; the account's quotas as AWS sets them at first; storage in GiB. */
  readonly quotas = {
    vpcs: 5,
    addresses: 5,
    internetGateways: 5,
    natGatewaysPerZone: 5,
    rulesPerGroup: 60,
    volumeStorage: 51_200,
    vcpus: 32,
  };
  /** Zones that refuse something new, by what they refuse: what is in them goes on. */
  readonly refusing = {
    subnets: [] as string[],
    natGateways: [] as string[],
    capacity: [] as string[],
    functions: [] as string[],
  };
  /** Whether the account is on the free plan, which launches only types of the free tier. */
  isOnFreePlan = false;
  /** VPC Block Public Access, as somebody has set it for the account in this region. */
  blockMode: 'off' | 'block-ingress' | 'block-bidirectional' = 'off';
  private publicAddresses = 0;

  constructor(world: World) {
    this.world = world;
    const things = <T extends Thing>(code: string, sentence: (id: string) => string) =>
      new Things<T>(world, id => new AwsError(code, sentence(id)));
    this.vpcs = things('InvalidVpcID.NotFound', id => `The vpc ID '${id}' does not exist`);
    this.subnets = things('InvalidSubnetID.NotFound', id => `The subnet ID '${id}' does not exist`);
    this.internetGateways = things(
      'InvalidInternetGatewayID.NotFound',
      id => `The internetGateway ID '${id}' does not exist`,
    );
    this.natGateways = things('NatGatewayNotFound', id => `NAT gateway ${id} was not found`);
    this.addresses = things('InvalidAllocationID.NotFound', id => `The allocation ID '${id}' does not exist`);
    this.routeTables = things('InvalidRouteTableID.NotFound', id => `The routeTable ID '${id}' does not exist`);
    this.networkAcls = things('InvalidNetworkAclID.NotFound', id => `The networkAcl ID '${id}' does not exist`);
    this.groups = things('InvalidGroup.NotFound', id => `The security group '${id}' does not exist`);
    this.rules = things(
      'InvalidSecurityGroupRuleId.NotFound',
      id => `The security group rule ID '${id}' does not exist`,
    );
    this.interfaces = things(
      'InvalidNetworkInterfaceID.NotFound',
      id => `The networkInterface ID '${id}' does not exist`,
    );
    this.instances = things('InvalidInstanceID.NotFound', id => `The instance ID '${id}' does not exist`);
    this.volumes = things('InvalidVolume.NotFound', id => `The volume '${id}' does not exist.`);
    this.snapshots = things('InvalidSnapshot.NotFound', id => `The snapshot '${id}' does not exist.`);
    this.endpoints = things('InvalidVpcEndpointId.NotFound', id => `The Vpc Endpoint Id '${id}' does not exist`);
    this.vpnGateways = things('InvalidVpnGatewayID.NotFound', id => `The vpnGateway ID '${id}' does not exist`);
    this.egressOnlyGateways = things('InvalidGatewayID.NotFound', id => `The gateway ID '${id}' does not exist`);
    this.peerings = things(
      'InvalidVpcPeeringConnectionID.NotFound',
      id => `The vpcPeeringConnection ID '${id}' does not exist`,
    );
  }

  /** The value of a public SSM parameter that names an image, such as `/aws/service/ami-amazon-linux-latest/…`. */
  imageOf(parameter: string): string | undefined {
    return this.images.findLast(image => image.parameter === parameter)?.id;
  }

  /** The thing with this id, of whatever kind. Throws what CreateTags throws. */
  taggable(id: string): Thing {
    const kinds: Record<string, Things<Thing>> = {
      acl: this.networkAcls as Things<Thing>,
      eipalloc: this.addresses as Things<Thing>,
      eni: this.interfaces as Things<Thing>,
      i: this.instances as Things<Thing>,
      igw: this.internetGateways as Things<Thing>,
      nat: this.natGateways as Things<Thing>,
      rtb: this.routeTables as Things<Thing>,
      sg: this.groups as Things<Thing>,
      sgr: this.rules as Things<Thing>,
      snap: this.snapshots as Things<Thing>,
      subnet: this.subnets as Things<Thing>,
      vol: this.volumes as Things<Thing>,
      vpc: this.vpcs as Things<Thing>,
      vpce: this.endpoints as Things<Thing>,
    };
    const kind = kinds[id.slice(0, id.lastIndexOf('-'))];
    if (!kind) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    return kind.get(id);
  }

  /** An address of 198.18.0.0/15, which no machine on the internet has. */
  newPublicIp(): string {
    this.publicAddresses++;
    return `198.18.${Math.floor(this.publicAddresses / 250)}.${(this.publicAddresses % 250) + 1}`;
  }

  /**
   * Gives a function its network interfaces, one a subnet, as Lambda does: one that is there with the same groups is
   * shared. `now` is the instant of the attachment, ms since 1970. Throws AWS's not-found errors for unknown subnets
   * and groups.
   */
  attachLambdaInterfaces(functionName: string, subnetIds: string[], groupIds: string[], now: number): void {
    attachLambdaInterfaces(this, functionName, subnetIds, groupIds, now);
  }

  /**
   * Lets a function's interfaces go, but those that another function uses too. Until `availableAt` they stay `in-use`
   * and block their subnets and groups; then they are gone where Lambda reclaims them (`reclaim`, by default), and
   * otherwise stay `available` until somebody deletes them. Lambda does it with `role`, an ARN.
   */
  releaseLambdaInterfaces(
    functionName: string,
    now: number,
    availableAt: number,
    how: { reclaim?: boolean; role?: string } = {},
  ): void {
    releaseLambdaInterfaces(this, functionName, now, availableAt, how);
  }

  /**
   * For whenever a role or its policy went. Without the role Lambda never lets go of the interfaces that it has yet to
   * free with it (Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC"); without its
   * permission it leaves them lying (serverless/serverless#2830).
   */
  strandLambdaInterfaces(): void {
    strandLambdaInterfaces(this);
  }

  /** Whether a function has an interface of its own in each of these subnets, through which its packets go. */
  hasLambdaInterfaces(functionName: string, subnetIds: string[]): boolean {
    return hasLambdaInterfaces(this, functionName, subnetIds);
  }

  /** The running instance with this private address, as something in the subnet `from` sees it. */
  findHost(privateIp: string, from: { subnetId: string; groupIds: string[] }): Host | undefined {
    return findHost(this, privateIp, from);
  }

  /**
   * Whether something in this subnet reaches the internet, and with it AWS's services: through an available NAT
   * gateway, or through an internet gateway where it has a public address, which a function never has.
   */
  reachesInternet(subnetId: string, hasPublicIp = false): boolean {
    return reachesInternet(this, subnetId, hasPublicIp);
  }

  /**
   * Whether a function in this subnet reaches S3: through a gateway endpoint that its table leads to, or else over the
   * internet.
   */
  reachesS3(subnetId: string): boolean {
    return reachesS3(this, subnetId);
  }

  /**
   * Everything that exists at `now`, and for an hour what was terminated or deleted, with its state: a listing of its
   * own, for tests.
   */
  inventory(now: number): InventoryRow[] {
    return inventory(this, now);
  }
}
