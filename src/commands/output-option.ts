import { Option } from 'commander';

/** A flag that names a file to write. */
export class OutputOption extends Option {}

/** A flag that names a file to write, and `--force`, which lets it replace one. `also` is what else `--force` does. */
export const outputOptions = (flags: string, description: string, also?: string): [OutputOption, Option] => {
  const output = new OutputOption(flags, `${description}; - is stdout`);
  const replaces = `replace the file of ${output.long}`;
  return [output, new Option('--force', also ? `${also}; ${replaces}` : replaces)];
};
