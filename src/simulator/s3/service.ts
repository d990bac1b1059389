import type { SimulatedService } from '../service.ts';
import { buckets } from './buckets.ts';
import { configuration } from './configuration.ts';
import { getObject, listObjectsV2, putObject } from './objects.ts';
import { versions } from './versions.ts';

/** S3 as far as the tool calls it, and what the report calls. */
export const s3: SimulatedService<'s3'> = {
  ...buckets,
  ...configuration,
  ...versions,
  PutObject: putObject,
  GetObject: getObject,
  ListObjectsV2: listObjectsV2,
};
