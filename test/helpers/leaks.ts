import { Things } from '../../src/simulator/ec2/things.ts';

/**
 * What a secret looks like after the usual encodings. Base64 has three forms, by where in the encoded text the secret
 * stands.
 */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map(before => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The characters that bits of the neighbours get into are left out.
    return whole.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
  });
  const base64url = base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'));
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, escaped, encodeURIComponent(secret), bytes.toString('hex'), ...base64, ...base64url])];
}

/**
 * The paths below `value` at which a text or bytes hold the secret in any form. Maps and the simulator's collections
 * are walked too.
 */
export function leaksIn(value: unknown, secret: string): string[] {
  const forms = formsOf(secret);
  const seen = new Set<unknown>();
  const holds = (text: string) => forms.some(form => text.includes(form));
  const walk = (one: unknown, path: string): string[] => {
    if (typeof one === 'string') return holds(one) ? [path] : [];
    if (typeof one !== 'object' || one === null || seen.has(one)) return [];
    seen.add(one);
    if (one instanceof Uint8Array) return holds(Buffer.from(one).toString('latin1')) ? [path] : [];
    if (one instanceof Things) return walk(one.existing(), path);
    const entries = one instanceof Map ? [...one] : one instanceof Set ? [...one].entries() : Object.entries(one);
    // What belongs to a world knows its world: that is no place of its own.
    const own = [...entries].filter(([key]) => key !== 'world');
    return own.flatMap(([key, inner]) => [...walk(key, `${path}#key`), ...walk(inner, `${path}.${key}`)]);
  };
  return walk(value, '');
}
