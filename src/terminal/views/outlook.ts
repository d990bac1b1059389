import type { WaitForecast } from '../../provision/engine/outcome.ts';
import { duration } from '../layout.ts';

/** What a long wait means, in sentences: how long it may be, what is left to do, and that nobody has to stay for it. */
export function outlookWords({ title, usual, worst, beside, after }: WaitForecast): string {
  const minutes = (seconds: number) => duration(seconds).replace(/ 00 s$/, '');
  const rest = after.length > 0 ? ` Left to do after it: ${after.join(', ')}.` : '';
  const others = after.length > 0 ? 'Nothing else can go meanwhile.' : 'Everything else is gone.';
  const state = beside.length === 0 ? ` ${others}` : '';
  return `${title}: AWS usually takes ${minutes(usual)}, at worst ${minutes(worst)}.${state}${rest} It is safe to stop now: the same command goes on from here.`;
}
