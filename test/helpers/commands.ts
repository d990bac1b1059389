import type { Command } from './deaths.ts';
import { everything, silent } from './simulated-stack.ts';

/** Provisions; throws where a resource failed. */
export const provisioned: Command = async pipeline => {
  const { outcomes } = await pipeline.provision(silent);
  const bad = outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
  if (bad.length > 0) throw new Error(bad.map(({ title, why }) => `${title}: ${why}`).join('; '));
};

/** Tears down, the archive too; throws where something is left. */
export const tornDown: Command = async pipeline => {
  const { left } = await pipeline.teardown(silent, everything);
  if (left.length > 0) throw new Error(left.map(({ id, why }) => `${id} is left: ${why}`).join('; '));
};
