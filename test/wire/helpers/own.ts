import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { common } from './same.ts';

/** What ends with the file: tests run at the same time, so that the end of one says nothing of the others. */
const endings: (() => unknown)[] = [];
afterAll(() => Promise.all(endings.map(end => end())));

/** A server of a test's own, stopped when the file ends. */
export async function own<S extends { stop(): Promise<void> }>(start: Promise<S>): Promise<S> {
  const server = await start;
  endings.push(() => server.stop());
  return server;
}

/** Writes a settings file of a test's own; JSON is YAML. Returns its path. */
export function ownSettings(settings: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-wire-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'salesreport.yaml');
  writeFileSync(file, JSON.stringify({ ...common, ...settings }));
  return file;
}
