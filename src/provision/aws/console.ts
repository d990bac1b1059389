import type { Aws } from './aws.ts';
import { errorMessage } from './errors.ts';

/** What a host's set-up last wrote to its console. */
export interface ConsoleWords {
  /** `SALESREPORT READY`, or `SALESREPORT FAILED packages`; undefined where it has written nothing that is kept. */
  said?: string;
  /** Why the console cannot be read. */
  unreadable?: string;
}

export async function consoleWords(aws: Aws, instanceId: string): Promise<ConsoleWords> {
  try {
    const said = (await consoleOf(aws, instanceId)).match(/SALESREPORT (READY|FAILED \w+)/g)?.at(-1);
    return said ? { said } : {};
  } catch (error) {
    return { unreadable: errorMessage(error) };
  }
}

/**
 * The latest output, which only Nitro types have; of others what AWS keeps of the start (API reference,
 * GetConsoleOutput).
 */
async function consoleOf(aws: Aws, InstanceId: string): Promise<string> {
  const { Output = '' } = await aws
    .call('ec2:GetConsoleOutput', { InstanceId, Latest: true })
    .catch(() => aws.call('ec2:GetConsoleOutput', { InstanceId }));
  return Buffer.from(Output, 'base64').toString('utf8');
}

/** Whether an instance ever wrote to its console, so that it ran; undefined where AWS does not tell. */
export async function wroteToConsole(aws: Aws, instanceId: string): Promise<boolean | undefined> {
  try {
    return (await consoleOf(aws, instanceId)) !== '';
  } catch {
    return undefined;
  }
}
