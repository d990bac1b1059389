import { Option } from 'commander';

/** A flag that names a file to write. */
export class OutputOption extends Option {}

/** A flag that names a file to write, and `--force`, which lets it replace one. */
export const outputOptions = (flags: string, description: string): [OutputOption, Option] => {
  const output = new OutputOption(flags, `${description} (- for stdout)`);
  return [output, new Option('--force', 'replace an existing file')];
};
