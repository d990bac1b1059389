import { Option } from 'commander';

/** In which form a report is shown or written. */
export const formOption = (): Option =>
  new Option('--format <format>', 'output format (default: text)').choices([
    'text',
    'json',
    'markdown',
    'html',
    'csv',
    'sms',
    'subject',
  ]);
