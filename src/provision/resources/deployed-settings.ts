import { Problem } from '../../problem.ts';
import { version } from '../../version.ts';
import { hasName, isNotFound } from '../aws/errors.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { archiveName } from '../names.ts';
import { awsResource, type Stack } from '../stack.ts';
import { readRecord, recordKey, recordText, type SettingsRecord, settingsDifferences } from './settings-record.ts';

/** The record as it was found; or why it cannot be used, as the end of a sentence. */
export type RecordFound = Found & { record: SettingsRecord | { damaged: string } };

/** The record, for who has no other settings; `hidden` says why it may not be read, one sentence. */
export async function readDeployed(stack: Stack): Promise<RecordFound['record'] | { hidden: string } | undefined> {
  try {
    return await recordIn(new Snapshot(stack.aws), placeOf(stack));
  } catch (error) {
    if (error instanceof Problem && error.code === 'access-denied') return { hidden: error.message };
    throw error;
  }
}

interface RecordPlace {
  Bucket: string;
  ExpectedBucketOwner: string;
  Key: string;
}

const placeOf = (stack: Stack): RecordPlace => ({
  Bucket: archiveName(stack),
  ExpectedBucketOwner: stack.account,
  Key: recordKey,
});

async function recordIn(snapshot: Snapshot, place: RecordPlace): Promise<RecordFound['record'] | undefined> {
  try {
    const { Body } = await snapshot.read('s3:GetObject', place);
    return readRecord((await Body?.transformToString('utf-8')) ?? '');
  } catch (error) {
    if (isNotFound(error) || hasName(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

/** What the last provision was given: written into the archive after the last change, and gone with it. */
export function deployedSettings(stack: Stack) {
  const { aws, given } = stack;
  const own = placeOf(stack);
  const { Bucket, ExpectedBucketOwner } = own;
  const found = (record: RecordFound['record']): RecordFound => ({
    awsId: `${Bucket}/${recordKey}`,
    ours: true,
    record,
  });
  const isHidden = (snapshot: Snapshot) =>
    snapshot.read('s3:GetBucketTagging', { Bucket, ExpectedBucketOwner }).then(
      () => false,
      error => error instanceof Problem,
    );
  const put = () => aws.call('s3:PutObject', { ...own, Body: recordText(given), ContentType: 'application/json' });

  return awsResource<RecordFound, Record<never, never>>({
    id: 'settings',
    title: 'Record of the settings',
    wanted: true,
    record: true,
    needs: {},
    operations: { create: ['s3:PutObject'], update: ['s3:PutObject'], remove: [] },

    async find(snapshot: Snapshot) {
      try {
        const record = await recordIn(snapshot, own);
        return record ? [found(record)] : [];
      } catch (error) {
        // A bucket that hides itself altogether is another's, which its own resource says.
        if (error instanceof Problem && (await isHidden(snapshot))) return [];
        throw error;
      }
    },

    async create() {
      await put();
      return found({ tool: version, settings: given });
    },

    differences({ record }): Difference[] {
      const differs = (what: string, is: string | undefined, wanted: string | undefined): Difference => ({
        what,
        is: is ?? 'not set',
        wanted: wanted ?? 'not set',
        how: 'update',
      });
      if ('damaged' in record) return [{ ...differs('record', 'damaged', 'whole'), words: `it ${record.damaged}` }];
      return [
        ...(record.tool === version ? [] : [differs('written by salesreport', record.tool, version)]),
        ...settingsDifferences(record.settings, given).map(([what, is, wanted]) => differs(what, is, wanted)),
      ];
    },

    async update() {
      await put();
    },

    async remove() {},
    ask: async () => ({ asked: `s3:GetObject ${recordKey}`, answer: 'it goes with the archive', gone: true }),
  });
}
