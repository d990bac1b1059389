import { createHash } from 'node:crypto';

/** The field and the order of the curve edwards25519, its constant and its base point (RFC 8032, 5.1). */
const field = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const curve = mod(-121665n * inverse(121666n));
const baseY = mod(4n * inverse(5n));
const base = pointOf(15112221349535400772501151409588531511454012693041857206046113283949847762202n, baseY);

/** In extended coordinates: x = X/Z, y = Y/Z, T = XY/Z. */
type Point = readonly [X: bigint, Y: bigint, Z: bigint, T: bigint];

/**
 * The answer to MariaDB's plug-in ed25519: RFC 8032 with the SHA-512 of the password itself as the expanded key, where
 * the RFC hashes a seed of 32 bytes, which is all that node:crypto takes (MariaDB server,
 * plugin/auth_ed25519/ref10/sign.c). 64 bytes; none for an empty password.
 */
export function signed(password: string, message: Uint8Array): Buffer {
  if (password === '') return Buffer.alloc(0);
  const expanded = sha512(Buffer.from(password));
  expanded[0]! &= 248;
  expanded[31]! &= 63;
  expanded[31]! |= 64;
  const secret = numberOf(expanded.subarray(0, 32));
  const once = numberOf(sha512(expanded.subarray(32), message)) % order;
  const commitment = bytesOf(times(once));
  const challenge = numberOf(sha512(commitment, bytesOf(times(secret)), message)) % order;
  return Buffer.concat([commitment, littleEndian((once + challenge * secret) % order)]);
}

function mod(number: bigint): bigint {
  const rest = number % field;
  return rest < 0n ? rest + field : rest;
}

/** By Fermat: a to the power of p - 2. */
function inverse(number: bigint): bigint {
  let result = 1n;
  let power = mod(number);
  for (let rest = field - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * power);
    power = mod(power * power);
  }
  return result;
}

function pointOf(x: bigint, y: bigint): Point {
  return [x, y, 1n, mod(x * y)];
}

/** RFC 8032, 5.1.4; complete, so that it doubles a point too. */
function sum([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * curve);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/** So many times the base point. */
function times(scalar: bigint): Point {
  let result: Point = [0n, 1n, 1n, 0n];
  let power = base;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = sum(result, power);
    power = sum(power, power);
  }
  return result;
}

/** y, with the lowest bit of x as its highest. */
function bytesOf([x, y, z]: Point): Buffer {
  const scale = inverse(z);
  return littleEndian(mod(y * scale) | ((mod(x * scale) & 1n) << 255n));
}

const littleEndian = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

function sha512(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
