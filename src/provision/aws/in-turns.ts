/**
 * Does the same with each of a list, at most so many at once: AWS throttles who asks for more. Stops at the first
 * failure and throws it.
 */
export async function inTurns<T, R>(list: readonly T[], atOnce: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let hasFailed = false;
  const turn = async (): Promise<void> => {
    while (next < list.length && !hasFailed) {
      const index = next++;
      try {
        results[index] = await work(list[index]!);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const turns = await Promise.allSettled(Array.from({ length: Math.min(atOnce, list.length) }, turn));
  const failed = turns.find(one => one.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}
