import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { ask } from '../aws/ask.ts';
import { hasName, isNotFound, statusOf, unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf, type TagRecord } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { archiveName } from '../names.ts';
import { awsResource, type Stack } from '../stack.ts';
import { contentsOf, empty } from './archive-contents.ts';
import { bucketSettings } from './archive-settings.ts';
import { type Tagged, tagged } from './tagged.ts';

export interface ArchiveFound extends Tagged {
  /** What its settings are, in the words of `bucketSettings`. */
  settings: Record<string, string>;
}

/** The bucket that keeps each report and the ledger of what was sent. A teardown keeps it. */
export function archive(stack: Stack) {
  const { aws, account, owner, region } = stack;
  const id = 'archive';
  const Bucket = archiveName(stack);
  const own = { Bucket, ExpectedBucketOwner: account };
  const wanted = bucketSettings(stack);

  /** The tags tell whether it is there, so that nothing else has to be asked for that. */
  async function tagsIn(snapshot: Snapshot): Promise<TagRecord | 'hidden' | undefined> {
    try {
      return recordOf((await snapshot.read('s3:GetBucketTagging', own)).TagSet);
    } catch (error) {
      if (hasName(error, 'NoSuchTagSet')) return {};
      if (isNotFound(error)) return undefined;
      if (statusOf(error) === 301 || (error instanceof Problem && error.code === 'access-denied')) return 'hidden';
      throw error;
    }
  }

  const resource = awsResource<ArchiveFound, Record<never, never>>({
    id,
    title: `Archive ${Bucket}`,
    wanted: true,
    needs: {},
    operations: {
      create: [
        's3:CreateBucket',
        's3:PutPublicAccessBlock',
        's3:PutBucketPolicy',
        's3:PutBucketVersioning',
        's3:PutBucketLifecycleConfiguration',
      ],
      update: [
        's3:PutPublicAccessBlock',
        's3:PutBucketPolicy',
        's3:PutBucketVersioning',
        's3:PutBucketLifecycleConfiguration',
        's3:PutBucketOwnershipControls',
        's3:PutBucketEncryption',
      ],
      remove: ['s3:DeleteObjects', 's3:DeleteBucket'],
    },

    async find(snapshot) {
      const tags = await tagsIn(snapshot);
      if (!tags) return [];
      const stranger = { awsId: Bucket, ours: false, settings: {} };
      if (tags === 'hidden')
        return [{ ...stranger, owner: 'it is of another account or region, or you may not s3:GetBucketTagging' }];
      const reading = Promise.all(wanted.map(async ({ what, read }) => [what, await read(snapshot)] as const));
      const is = await unlessNotFound(reading);
      return is ? [{ awsId: Bucket, ...owner.of(tags), tags, settings: Object.fromEntries(is) }] : [];
    },

    async create() {
      await aws.call('s3:CreateBucket', {
        Bucket,
        ObjectOwnership: 'BucketOwnerEnforced',
        CreateBucketConfiguration: {
          // The first region of all has no name here.
          ...(region === 'us-east-1' ? {} : { LocationConstraint: region as 'eu-west-1' }),
          Tags: listOf(owner.tags(id)),
        },
      });
      return { awsId: Bucket, ours: true, settings: { ownership: 'BucketOwnerEnforced', encryption: 'AES256' } };
    },

    differences: found =>
      wanted
        .filter(({ what, wanted }) => found.settings[what] !== wanted)
        .map(({ what, wanted, operation }) => ({
          what,
          is: found.settings[what] ?? 'none',
          wanted,
          how: 'update',
          operations: [operation],
        })),

    // One after the other: S3 refuses two changes of a bucket at the same time.
    async update(_found, _needs, differences) {
      const differing = wanted.filter(({ what }) => differences.some(difference => difference.what === what));
      for (const { put } of differing) await put();
    },

    async keep() {
      return `${await contentsOf(aws, own)}; kept for its reports: ${salesreport`teardown --delete-archive`} removes it`;
    },

    async remove() {
      await unlessNotFound(empty(aws, own));
      await unlessNotFound(aws.call('s3:DeleteBucket', own));
    },

    ask: () => ask(aws, 's3:HeadBucket', own, Bucket, () => 'there'),
  });
  return tagged(
    stack,
    {
      operation: 's3:PutBucketTagging',
      // All of them at once: what is left out goes. AWS keeps its own, and refuses to be given them.
      put: (_found, _tags, all) => {
        const TagSet = listOf(all).filter(({ Key }) => !Key.startsWith('aws:'));
        return aws.call('s3:PutBucketTagging', { ...own, Tagging: { TagSet } });
      },
    },
    resource,
  );
}
