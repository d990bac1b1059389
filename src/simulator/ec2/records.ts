import type { InstanceMetadataOptionsResponse } from '@aws-sdk/client-ec2';
import type { Image } from './images.ts';
import type { Cidr } from './network/cidr.ts';
import type { Thing } from './things.ts';

export interface Vpc extends Thing {
  cidr: Cidr;
  dnsSupport: boolean;
  dnsHostnames: boolean;
  /** One of VPC Lattice. */
  isInServiceNetwork?: boolean;
}

/** A virtual private or egress-only gateway at its VPC. */
export interface Attached extends Thing {
  vpcId: string;
}

/** `role`: which end of the peering the VPC is; the other one is in another account. */
export interface Peering extends Attached {
  role: 'requester' | 'accepter';
}

export interface Subnet extends Thing {
  vpcId: string;
  cidr: Cidr;
  zone: string;
  mapsPublicIp: boolean;
  /** When `pending` ends. */
  availableAt: number;
}

export interface InternetGateway extends Thing {
  vpcId?: string;
  /** When `attaching` ends. */
  attachedAt?: number;
}

export interface Address extends Thing {
  publicIp: string;
  /** AWS keeps hold of an address for some seconds after its NAT gateway is deleted. */
  heldUntil: number;
}

export interface NatGateway extends Thing {
  vpcId: string;
  subnetId: string;
  allocationId: string;
  publicIp: string;
  interfaceId?: string;
  privateIp?: string;
  /** When `pending` ends, with `failure` in `failed`. */
  settledAt: number;
  failure?: { code: string; message: string };
  deletion?: { askedAt: number; doneAt: number };
}

export interface Route {
  /** A CIDR in canonical form, or the id of a prefix list (`pl-…`). */
  destination: string;
  /** `local`, or the id of a gateway, endpoint or network interface. */
  target: string;
  /** When it was made, ms since 1970; absent: with its table. */
  createdAt?: number;
}

export interface RouteTable extends Thing {
  vpcId: string;
  main: boolean;
  routes: Route[];
  /** The main table's association has no subnet. */
  associations: { id: string; subnetId?: string; createdAt?: number }[];
}

export interface AclEntry {
  /** The lowest number that matches decides. */
  number: number;
  egress: boolean;
  /** `-1` for all, `6` for TCP, `17` for UDP. */
  protocol: string;
  allow: boolean;
  cidr: string;
  /** First and last port; absent for all. */
  from?: number;
  to?: number;
}

export interface NetworkAcl extends Thing {
  vpcId: string;
  isDefault: boolean;
  entries: AclEntry[];
  associations: { id: string; subnetId: string }[];
}

export interface Rule extends Thing {
  egress: boolean;
  /** `tcp`, `udp`, `icmp`, or `-1` for all. */
  protocol: string;
  from?: number;
  to?: number;
  peer: { cidr: string } | { cidr6: string } | { groupId: string } | { prefixListId: string };
  description?: string;
}

export interface SecurityGroup extends Thing {
  vpcId: string;
  name: string;
  description: string;
  rules: Rule[];
}

export interface NetworkInterface extends Thing {
  type: 'interface' | 'lambda' | 'nat_gateway' | 'vpc_endpoint';
  description: string;
  vpcId: string;
  subnetId: string;
  privateIp: string;
  groupIds: string[];
  /** `until`: the instant from which it is `available`. */
  attachment?: { id: string; until: number; instanceId?: string };
  publicIp?: string;
  /** Where the public address is an allocated one. */
  elastic?: { allocationId: string; associationId: string };
  /** Switched off for what forwards packets that are not its own. */
  ignoresDestination?: boolean;
  /** The functions whose packets go through it: Lambda shares one among those with the same subnet and groups. */
  functionNames?: string[];
  /** The role with which Lambda takes it away, once the function has left it: its ARN. */
  freedBy?: string;
}

export interface Instance extends Thing {
  reservationId: string;
  image: Image;
  type: string;
  vpcId: string;
  subnetId: string;
  zone: string;
  interfaceId: string;
  volumeId: string;
  privateIp: string;
  profileArn?: string;
  /** Base64, as it was given. */
  userData?: string;
  metadata: Omit<InstanceMetadataOptionsResponse, 'State'>;
  isProtected: boolean;
  /** Set by who wants a stopped one: AWS itself stops none here. */
  isStopped?: boolean;
  /** Of its association with the profile. */
  profileAssociation?: string;
  clientToken?: string;
  runningAt: number;
  /** When its first boot has run the user-data to the end. */
  readyAt: number;
  /**
   * Once it is set up: the digest of the password that its SQL user was given then, and the tables that somebody
   * dropped.
   */
  database?: { password?: string; lacks: string[] };
  /** What its set-up says on the console instead of succeeding; for a test to set. */
  failure?: string;
  /** `reason`: where AWS ends it by itself, `askedAt` may be still to come. */
  termination?: { askedAt: number; doneAt: number; reason?: { code: string; message: string } };
}

/** The root disk of an instance. */
export interface Volume extends Thing {
  instanceId: string;
  size: number;
  type: string;
  encrypted: boolean;
  deletedWithInstance: boolean;
}

export interface Snapshot extends Thing {
  volumeId: string;
  /** Of the volume, GiB. */
  size: number;
  encrypted: boolean;
  description: string;
  completedAt: number;
}

export interface Endpoint extends Thing {
  /** A gateway where it has none. */
  interfaceIds?: string[];
  vpcId: string;
  serviceName: string;
  prefixListId: string;
  policy: string;
  availableAt: number;
  deletedAt?: number;
}
