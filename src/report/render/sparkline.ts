const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A column for each value, between the least and the most. */
export function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map(value => levels[most === least ? 0 : Math.round(((value - least) / (most - least)) * 7)]).join('');
}
