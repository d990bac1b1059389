import { AwsError } from '../aws-error.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { listOf, replaceTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import { existingBucket } from './existing.ts';

/** Lower-case letters, digits, dots and hyphens, 3 to 63 (S3 user guide, "General purpose bucket naming rules"). */
const nameRule = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A HEAD has no body, so its refusals have no name but that of the status: the SDK knows 404 only. */
function refusalOfHead(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const status = error.$metadata.httpStatusCode;
  return new AwsError(status === 404 ? 'NotFound' : 'Unknown', 'UnknownError', status);
}

/** Where the bucket will stand. The first region of all has no name here. */
function verifyLocation({ region }: World, constraint: string | undefined): void {
  if (constraint === (region === 'us-east-1' ? undefined : region)) return;
  if (region === 'us-east-1' && constraint === region)
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid');
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

export const buckets: Pick<
  SimulatedService<'s3'>,
  'CreateBucket' | 'HeadBucket' | 'GetBucketTagging' | 'PutBucketTagging' | 'DeleteBucket' | 'ListBuckets'
> = {
  CreateBucket: {
    takes: ['Bucket', 'CreateBucketConfiguration', 'ObjectOwnership'],
    run({ Bucket: name = '', CreateBucketConfiguration: configuration, ObjectOwnership: ownership }, world) {
      const { s3, account, region, dnsSuffix } = world;
      verifyMembers(configuration, ['LocationConstraint', 'Tags'], 'CreateBucketConfiguration');
      if (!nameRule.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
      verifyLocation(world, configuration?.LocationConstraint);
      const tags = tagsOf(configuration?.Tags, 's3');
      const there = s3.buckets.get(name);
      if (there && there.owner !== account)
        throw new AwsError(
          'BucketAlreadyExists',
          'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
          409,
        );
      if (there && region !== 'us-east-1')
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          409,
        );
      if (world.now() < (s3.leaving.get(name) ?? 0))
        throw new AwsError(
          'OperationAborted',
          'A conflicting conditional operation is currently in progress against this resource. Please try again.',
          409,
        );
      const made = there ?? s3.add({ name, owner: account, region, createdAt: world.now(), tags });
      if (ownership) made.ownership = ownership;
      return { Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.${dnsSuffix}/` };
    },
  },
  ListBuckets: {
    takes: ['Prefix', 'BucketRegion', 'ContinuationToken'],
    run({ Prefix = '', BucketRegion, ContinuationToken }, world) {
      const own = [...world.s3.buckets.values()].filter(
        ({ name, owner, region, createdAt }) =>
          owner === world.account &&
          name.startsWith(Prefix) &&
          (BucketRegion ?? region) === region &&
          world.isVisible(createdAt),
      );
      const { items, next } = pageOf(own, 1_000, ContinuationToken);
      const Buckets = items.map(({ name, region, createdAt }) => ({
        Name: name,
        BucketRegion: region,
        CreationDate: new Date(createdAt),
      }));
      return { Buckets, ...(next ? { ContinuationToken: next } : {}) };
    },
  },
  HeadBucket: {
    takes: ['Bucket', 'ExpectedBucketOwner'],
    run(input, world) {
      try {
        return { BucketRegion: existingBucket(world, input).region, AccessPointAlias: false };
      } catch (error) {
        throw refusalOfHead(error);
      }
    },
  },
  GetBucketTagging: {
    takes: ['Bucket', 'ExpectedBucketOwner'],
    run(input, world) {
      const tags = seenTags(world, existingBucket(world, input));
      if (Object.keys(tags).length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
      return { TagSet: listOf(tags) };
    },
  },
  PutBucketTagging: {
    takes: ['Bucket', 'ExpectedBucketOwner', 'Tagging', 'ChecksumAlgorithm'],
    run(input, world) {
      // All of them at once: what is left out goes.
      replaceTags(world, existingBucket(world, input), tagsOf(input.Tagging?.TagSet, 's3'));
      return {};
    },
  },
  DeleteBucket: {
    takes: ['Bucket', 'ExpectedBucketOwner'],
    run(input, world) {
      const { name, versions } = existingBucket(world, input);
      if (versions.length > 0)
        throw new AwsError(
          'BucketNotEmpty',
          'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
          409,
        );
      world.s3.buckets.delete(name);
      world.s3.leaving.set(name, world.now() + world.takes('bucket.nameFree', name));
      return {};
    },
  },
};
