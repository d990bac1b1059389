import { unzipSync } from 'fflate';
import { AwsError } from '../aws-error.ts';

/**
 * Lambda developer guide, "Lambda quotas": a zip sent in the call itself, and what function and layers unzip to, bytes.
 */
const largestUpload = 50 * 1024 * 1024;
export const largestUnzipped = 262_144_000;

export const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);

/**
 * Names and sizes (bytes) of a zip's files. Throws what Lambda throws for something that is no zip, or one that is too
 * large.
 */
export function filesOf(zip: Uint8Array | undefined): Map<string, number> {
  if (!zip || zip.length === 0) throw invalid('Please provide a source for function code.');
  if (zip.length > largestUpload)
    throw new AwsError('RequestEntityTooLargeException', 'Request must be smaller than 70167211 bytes', 413);
  const files = new Map<string, number>();
  try {
    unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        files.set(name, originalSize);
        return false;
      },
    });
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (files.size === 0) throw invalid('Uploaded file must be a non-empty zip');
  return files;
}

/** What the files take when they are unpacked, bytes. */
export const unzippedSize = (files: ReadonlyMap<string, number>): number =>
  [...files.values()].reduce((sum, size) => sum + size, 0);
