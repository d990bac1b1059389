import { expect } from 'vitest';
import { allowing } from '../account.ts';
import {
  ask,
  Bucket,
  conflict,
  hasTargets,
  notEmpty,
  type Reasons,
  RoleName,
  Rule,
  roleOf,
  rule,
  shelf,
  target,
} from './stage.ts';

/** The same of the other services. */
export const otherReasons: Reasons = {
  'iam:DeleteRole': {
    'it has an inline policy': async cloud => {
      await roleOf(cloud);
      await cloud.call('iam:PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: allowing('sns:Publish') });
      const until = [() => cloud.call('iam:DeleteRolePolicy', { RoleName, PolicyName: 'p' })];
      return { remove: ask('iam:DeleteRole', { RoleName }), refusal: conflict('delete policies'), until };
    },
    'a managed policy is attached to it': async cloud => {
      await roleOf(cloud);
      const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
      cloud.world.iam.role(RoleName)!.attached.set(PolicyArn, 'ReadOnlyAccess');
      const until = [() => cloud.call('iam:DetachRolePolicy', { RoleName, PolicyArn })];
      return { remove: ask('iam:DeleteRole', { RoleName }), refusal: conflict('detach all policies'), until };
    },
    'it is in an instance profile': async cloud => {
      await roleOf(cloud, 'Host');
      const until = [() => cloud.call('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName: 'Host', RoleName })];
      return {
        remove: ask('iam:DeleteRole', { RoleName }),
        refusal: conflict('remove roles from instance profile'),
        until,
      };
    },
  },

  'iam:DeleteInstanceProfile': {
    'a role is in it': async cloud => {
      const InstanceProfileName = 'Host';
      await roleOf(cloud, InstanceProfileName);
      const until = [() => cloud.call('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName })];
      const refusal = conflict('remove roles from instance profile');
      return { remove: ask('iam:DeleteInstanceProfile', { InstanceProfileName }), refusal, until };
    },
  },

  'events:DeleteRule': {
    'it has a target': async cloud => {
      await rule(cloud);
      await cloud.call('events:PutTargets', { Rule, Targets: [target, { ...target, Id: 'other' }] });
      const remove = (id: string) => () => cloud.call('events:RemoveTargets', { Rule, Ids: [id] });
      return {
        remove: ask('events:DeleteRule', { Name: Rule }),
        refusal: hasTargets,
        until: [remove('report'), remove('other')],
      };
    },
    'a target was not removed, though the answer is well': async cloud => {
      await rule(cloud);
      await cloud.call('events:PutTargets', { Rule, Targets: [target] });
      const { failingTargets } = cloud.world.events;
      failingTargets.add('report');
      const remove = () => cloud.call('events:RemoveTargets', { Rule, Ids: ['report'] });
      const fails = async () => expect(await remove()).toMatchObject({ FailedEntryCount: 1 });
      const works = async () => {
        failingTargets.clear();
        await remove();
      };
      return { remove: ask('events:DeleteRule', { Name: Rule }), refusal: hasTargets, until: [fails, works] };
    },
  },

  's3:DeleteBucket': {
    'an object is in it': async cloud => {
      const { remove } = await shelf(cloud);
      const bucket = cloud.world.s3.buckets.get(Bucket)!;
      bucket.versions.push(version('null'));
      return { remove: ask('s3:DeleteBucket', { Bucket }), refusal: notEmpty, until: [() => remove('null')] };
    },
    'an older version is in it, and then the mark of its deletion': async cloud => {
      const { remove } = await shelf(cloud, 'Enabled');
      const bucket = cloud.world.s3.buckets.get(Bucket)!;
      bucket.versions.push(version('v1'));
      const marker = () => bucket.versions.find(({ isDeleteMarker }) => isDeleteMarker)!.versionId;
      const until = [() => remove(), () => remove('v1'), () => remove(marker())];
      return { remove: ask('s3:DeleteBucket', { Bucket }), refusal: notEmpty, until };
    },
    'another account is expected to own it': async cloud => {
      await shelf(cloud);
      const ExpectedBucketOwner = '999999999999';
      return {
        remove: ask('s3:DeleteBucket', { Bucket, ExpectedBucketOwner }),
        refusal: 'AccessDenied: Access Denied',
      };
    },
  },

  'scheduler:DeleteScheduleGroup': {
    'it is the default one': async () => ({
      remove: ask('scheduler:DeleteScheduleGroup', { Name: 'default' }),
      refusal: 'ValidationException: The default schedule group cannot be deleted.',
    }),
  },
};

const version = (versionId: string) => ({
  key: 'a',
  versionId,
  etag: '"e"',
  body: new Uint8Array(),
  contentType: '',
  at: 0,
  isDeleteMarker: false,
});
