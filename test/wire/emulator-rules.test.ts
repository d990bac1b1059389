import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from './emulator-rules.ts';
import { clientsFor } from './helpers/clients.ts';
import type { Emulator } from './helpers/emulator.ts';
import { startMinistack } from './helpers/ministack.ts';
import { startMoto } from './helpers/moto.ts';

/** What happened at an emulator, rule by rule. */
async function answersOf(start: Promise<Emulator>): Promise<string[]> {
  const emulator = await start;
  try {
    const aws = clientsFor(emulator.url, 'eu-west-1');
    const answers: string[] = [];
    for (const { probe } of rules) answers.push(await probe(aws));
    return answers;
  } finally {
    await emulator.stop();
  }
}

/** What an emulator does with each rule as it comes, and whether it does as AWS after it was corrected. */
async function columnOf(start: (options: { corrected: boolean }) => Promise<Emulator>): Promise<string[]> {
  const [plain, corrected] = [
    await answersOf(start({ corrected: false })),
    await answersOf(start({ corrected: true })),
  ];
  return rules.map(({ aws }, row) => {
    if (plain[row] === aws) return 'as AWS';
    return corrected[row] === aws ? `${plain[row]}; corrected` : plain[row]!;
  });
}

test('docs/contributing/emulators.md tells what the emulators do', async () => {
  const [moto, ministack] = [await columnOf(startMoto), await columnOf(startMinistack)];
  const rows = rules.map(({ what, aws }, row) => `| ${what} | ${aws} | ${moto[row]} | ${ministack[row]} |`);
  const told = readFileSync('docs/contributing/emulators.md', 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| '));
  expect(told.slice(1)).toEqual(rows);
});
