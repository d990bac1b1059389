import { join } from 'node:path';
import { type Emulator, patches, startEmulator, work } from './emulator.ts';

/**
 * Starts MiniStack on a free port. It runs functions on the Node 24 of `.work`, as processes of its own. It is
 * corrected where it is wrong about AWS, unless told otherwise.
 */
export async function startMinistack({ corrected = true } = {}): Promise<Emulator> {
  return startEmulator({
    name: 'MiniStack',
    script: corrected ? join(patches, 'ministack_as_aws.py') : join(work, 'venv/bin/ministack'),
    on: port => ({
      env: {
        PATH: `${join(work, 'node24/bin')}:${process.env.PATH}`,
        GATEWAY_PORT: String(port),
        BIND_HOST: '127.0.0.1',
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        AWS_ACCESS_KEY_ID: 'wire',
        AWS_SECRET_ACCESS_KEY: 'wire',
      },
    }),
    readyPath: '/_ministack/health',
  });
}
