import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { common } from './same.ts';

/** A server for one test. */
export async function own<S extends { stop(): Promise<void> }>(start: Promise<S>): Promise<S> {
  const server = await start;
  onTestFinished(() => server.stop());
  return server;
}

/** Writes a settings file for one test; JSON is YAML. Returns its path. */
export function ownSettings(settings: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-wire-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'salesreport.yaml');
  writeFileSync(file, JSON.stringify({ ...common, ...settings }));
  return file;
}
