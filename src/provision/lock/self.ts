import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** The process that runs the tool, and how to tell whether another one on the same host still lives. */
export interface Self {
  host: string;
  pid: number;
  run: string;
  isAlive(pid: number): boolean;
}

export const thisProcess = (): Self => ({ host: hostname(), pid: process.pid, run: randomUUID(), isAlive });

/** Signal 0 asks and does nothing; a process of somebody else's answers EPERM, and lives. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
