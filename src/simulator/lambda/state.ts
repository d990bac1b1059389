import type { PublishLayerVersionCommandInput } from '@aws-sdk/client-lambda';
import type { Tagged } from '../tag-list.ts';

export interface LayerVersion {
  layer: string;
  version: number;
  arn: string;
  description: string;
  createdAt: number;
  zip: Uint8Array;
  /** Bytes, when unpacked. */
  unzippedSize: number;
  /** What it says that it is for; Lambda holds nobody to it. */
  compatible: Pick<PublishLayerVersionCommandInput, 'CompatibleRuntimes' | 'CompatibleArchitectures' | 'LicenseInfo'>;
}

/** What a service may do with a function. `sourceArn`: only for this thing of its. */
export interface Permission {
  action: string;
  principal: string;
  sourceArn?: string;
}

export interface SimulatedFunction extends Tagged {
  name: string;
  arn: string;
  createdAt: number;
  zip: Uint8Array;
  codeSha256: string;
  runtime: string;
  handler: string;
  role: string;
  memory: number;
  timeout: number;
  architecture: string;
  description: string;
  tracing: 'PassThrough' | 'Active';
  logGroup: string;
  /** Executions that are reserved for it: no more than these at once. */
  reserved?: number;
  environment: Record<string, string>;
  layers: string[];
  subnetIds: string[];
  groupIds: string[];
  /** IAM's id of the role for which Lambda got its grant on the environment's key. */
  grantee?: string;
  /** What it was before the update that is in progress or has failed: what who starts it now starts. */
  before?: SimulatedFunction;
  modifiedAt: number;
  /** When it stops being Pending, and when the last update is done, ms. */
  activeAt: number;
  updatedAt: number;
  updates: number;
  /** Why Lambda could not make it: set by who wants one that failed. */
  failure?: string;
  /** Why its next update will fail, set by who wants that; and why the last one did. */
  nextUpdateFails?: string;
  failedUpdate?: string;
  /** Set once it is being deleted: when it is gone, ms. */
  goneAt?: number;
  /** Resource policy, by statement id. */
  permissions: Map<string, Permission>;
}

/** Lambda of one region. */
export class LambdaWorld {
  readonly functions = new Map<string, SimulatedFunction>();
  readonly layers: LayerVersion[] = [];
  /** How many functions are at work. */
  running = 0;
  private readonly lastVersion = new Map<string, number>();

  /** Version numbers are never used again, also after a deletion. */
  nextVersion(layer: string): number {
    const version = (this.lastVersion.get(layer) ?? 0) + 1;
    this.lastVersion.set(layer, version);
    return version;
  }
}
