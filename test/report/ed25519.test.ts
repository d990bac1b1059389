import { createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signed } from '../../src/report/sources/ed25519.ts';

test('with a password of 32 bytes it signs as node:crypto does', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(text, fc.uint8Array({ minLength: 32, maxLength: 32 }), (password, nonce) => {
      const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(password)]);
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      expect(signed(password, nonce).toString('hex')).toBe(sign(null, nonce, key).toString('hex'));
    }),
    { numRuns: 20 },
  );
});
