import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environment } from './helpers/emulator.ts';
import { listingOf, newSince } from './helpers/listing.ts';
import { startMoto, wellAnswer } from './helpers/moto.ts';
import { own } from './helpers/own.ts';
import { region } from './helpers/same.ts';

const script = join(import.meta.dirname, '../aws/run.js');

/** Runs what `npm run test:aws` runs, against an emulator. */
function awsRun(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ exit: number; stdout: string; stderr: string }> {
  const credentials = { AWS_ACCESS_KEY_ID: 'wire', AWS_SECRET_ACCESS_KEY: 'wire' };
  return new Promise(resolve =>
    execFile(
      process.execPath,
      [script, '--region', region, ...args],
      { env: { ...environment(), ...credentials, ...env } },
      (error, stdout, stderr) => resolve({ exit: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

test.concurrent('the run on AWS, tried on moto, is killed, goes on, holds its measures against the simulator, and leaves nothing', async () => {
  const moto = await own(startMoto());
  await moto.answerAlways(region, wellAnswer);
  const before = await listingOf(moto.url, region);

  const unasked = await awsRun(['--endpoint', moto.url], {});
  expect(unasked.stdout).toMatch(/account 123456789012, region eu-west-1, stack aws-test\n/);
  expect(unasked.stdout).toMatch(/costs {3}at most \$0\.\d\d for 90 minutes/);
  expect(unasked).toMatchObject({ exit: 2, stdout: expect.stringContaining('Nothing was made') });
  expect(newSince(before, await listingOf(moto.url, region))).toEqual([]);

  const { exit, stdout, stderr } = await awsRun(['--endpoint', moto.url, '--seed', '1'], {
    SALESREPORT_TEST_AWS: 'yes',
  });
  expect(exit, stdout + stderr).toBe(0);
  expect(stdout.match(/^provision, killed after \d+ changes: killed \(SIGKILL\)/gm)).toHaveLength(3);
  expect(stdout).toMatch(/^teardown, killed after \d+ changes: killed \(SIGKILL\)/m);
  expect(stdout).toMatch(/^provision again: exit 0 after \d+ s, \d+ calls, 0 of them changing$/m);
  expect(stdout).toMatch(/^verify: exit 0/m);
  expect(stdout).toMatch(/^sts:GetCallerIdentity +9 +\d+ +150 +1$/m);
  expect(stdout).toMatch(/^ec2:DeleteVpc +\d+ +\d+ +500 +1$/m);
  expect(stdout).toContain('All held, and nothing is left.');
  const after = await listingOf(moto.url, region);
  expect([...newSince(before, after), ...newSince(after, before)]).toEqual([]);
});

test.concurrent('what goes wrong in the run on AWS is said, and the teardown comes all the same', async () => {
  const moto = await own(startMoto());
  const hops = wellAnswer.hops.map(hop => (hop.hop === 'topic' ? { ...hop, ok: false, detail: 'no such topic' } : hop));
  await moto.answerAlways(region, { ...wellAnswer, ok: false, hops });
  const before = await listingOf(moto.url, region);
  const { exit, stdout } = await awsRun(['--endpoint', moto.url, '--seed', '1', '--kills', '0'], {
    SALESREPORT_TEST_AWS: 'yes',
  });
  expect(exit, stdout).toBe(1);
  expect(stdout).toMatch(/^WRONG: provision ended with exit 1: .+$/m);
  expect(stdout).toMatch(/^teardown: exit 0/m);
  const after = await listingOf(moto.url, region);
  expect([...newSince(before, after), ...newSince(after, before)]).toEqual([]);
});

test.concurrent('the run on AWS is refused where something else would be asked than AWS', async () => {
  const { exit, stdout } = await awsRun([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', SALESREPORT_TEST_AWS: 'yes' });
  expect(exit).toBe(2);
  expect(stdout).toBe(
    'Error: AWS_ENDPOINT_URL is set, so this would not reach AWS: unset it, or name the emulator with --endpoint.\n',
  );
});
