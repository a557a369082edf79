/** How many of something are worked on at once. */
export interface Lanes {
  readonly most: number;
  /** Until then it is one after another: what comes before this may still need the room. */
  readonly widen: Promise<unknown>;
}

/**
 * Works on several items at once, and settles what came of them one after another, in their order. After a failure nothing
 * is begun any more; it is thrown when all that was begun has ended, and all before it is settled.
 */
export async function workSideBySide<T, R>(
  items: readonly T[],
  { most, widen }: Lanes,
  work: (item: T) => Promise<R>,
  settle: (item: T, result: R) => Promise<void>,
): Promise<void> {
  const jobs = items.map((item) => ({ item, result: Promise.withResolvers<R>() }));
  const queue = [...jobs];
  const stopped = Promise.withResolvers<undefined>();

  async function lane(begin: Promise<unknown>): Promise<void> {
    await begin;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      try {
        job.result.resolve(await work(job.item));
      } catch (error) {
        queue.length = 0;
        job.result.reject(error);
      }
    }
  }

  // Those behind one that fails are heard of by nobody.
  for (const { result } of jobs) result.promise.catch(() => undefined);
  const lanes = Array.from({ length: Math.min(most, items.length) }, (_, place) =>
    lane(place === 0 ? Promise.resolve() : Promise.race([widen, stopped.promise])),
  );
  try {
    for (const { item, result } of jobs) await settle(item, await result.promise);
  } finally {
    queue.length = 0;
    stopped.resolve(undefined);
    await Promise.all(lanes);
  }
}
