import { Problem } from '../problem.ts';

/** The refusal of a schedule: names the expression and what is wrong with it, and shows one that is right. */
export function badSchedule(text: string, why: string, example = 'cron(0 16 ? * MON-SAT *)'): Problem {
  return new Problem(
    'bad-schedule',
    `The schedule "${text}" is not one that AWS takes: ${why}. An example is ${example}.`,
    {
      exit: 'usage',
    },
  );
}
