import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config';
import { Problem } from '../../problem.ts';

/** The region of the environment or of the profile, as the SDK finds it. Throws Problem `no-region`. */
export async function configuredRegion(profile: string | undefined): Promise<string> {
  try {
    const options = { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile ? { profile } : {}) };
    return await loadConfig(NODE_REGION_CONFIG_OPTIONS, options)();
  } catch (cause) {
    throw new Problem(
      'no-region',
      `No AWS region is set${profile ? ` for the profile ${profile}` : ''}: add --region, such as --region eu-west-1, or set region in salesreport.yaml.`,
      { exit: 'usage', cause },
    );
  }
}
