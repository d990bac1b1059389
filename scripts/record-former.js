#!/usr/bin/env node
// Records the stack that a former version built: node scripts/record-former.js COMMIT
//
// It checks the commit out beside this one, builds it, and lets it make a stack on its own simulator, with readers and
// reports (test/former/record.js says which). What it called is written to test/former/stack-COMMIT.json, from which
// test/former/replay.ts makes the same stack on the simulator of today. A recording is never made anew: it is what
// users have.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [commit] = process.argv.slice(2);
if (!commit) throw new Error('Name the commit: node scripts/record-former.js COMMIT');
const tree = join(mkdtempSync(join(tmpdir(), 'former-')), 'tree');
const run = (command, args, options) => execFileSync(command, args, { stdio: 'inherit', ...options });
run('git', ['worktree', 'add', '--detach', tree, commit], { cwd: root });
try {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  copyFileSync(join(root, 'test/former/record.js'), join(tree, 'test/record.test.ts'));
  run('node', ['scripts/build.js'], { cwd: tree });
  const out = join(root, `test/former/stack-${commit.slice(0, 7)}.json`);
  run('node_modules/.bin/vitest', ['run', '--project', 'unit', 'test/record.test.ts'], {
    cwd: tree,
    env: { ...process.env, FORMER_OUT: out },
  });
} finally {
  run('git', ['worktree', 'remove', '--force', tree], { cwd: root });
  rmSync(join(tree, '..'), { recursive: true, force: true });
}
