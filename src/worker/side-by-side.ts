/** How many of something are worked on at once. */
export interface Lanes {
  readonly most: number;
  /** Until then it is one after another: what comes before this may still need the room. */
  readonly widen: Promise<unknown>;
}

/** What came of an item; or others, to be worked on in its place. */
export type Worked<T, R> = { readonly result: R } | { readonly instead: readonly T[] };

interface Job<T, R> {
  readonly item: T;
  readonly ended: PromiseWithResolvers<{ readonly result: R } | { readonly jobs: readonly Job<T, R>[] }>;
}

/**
 * Works on several items at once, and has what came of them settled in their order, without waiting for one before the next. After a
 * failure nothing is begun any more; it is thrown when all that was begun has ended, and all before it is settled.
 */
export async function workSideBySide<T, R>(
  items: readonly T[],
  { most, widen }: Lanes,
  work: (item: T) => Promise<Worked<T, R>>,
  settle: (item: T, result: R) => Promise<void>,
): Promise<void> {
  const queue: Job<T, R>[] = [];
  const underWay = new Set<Promise<void>>();
  const settling: Promise<void>[] = [];
  /** Never, or what could not be settled: those behind it may never end. */
  const unsettled = Promise.withResolvers<never>();
  let isWide = false;
  const jobs = enqueue(items);
  void widen.then(() => {
    isWide = true;
    begin();
  });
  begin();
  try {
    await Promise.race([settleAll(jobs), unsettled.promise]);
  } finally {
    queue.length = 0;
    await Promise.allSettled([...underWay, ...settling]);
  }
  await Promise.all(settling);

  /** What stands in the place of another comes before all that follows it. */
  function enqueue(more: readonly T[]): Job<T, R>[] {
    const added = more.map((item): Job<T, R> => ({ item, ended: Promise.withResolvers() }));
    // Those behind one that fails are heard of by nobody.
    for (const { ended } of added) ended.promise.catch(() => undefined);
    queue.unshift(...added);
    return added;
  }

  function begin(): void {
    while (underWay.size < (isWide ? most : 1)) {
      const job = queue.shift();
      if (job === undefined) return;
      const run = workOn(job).finally(() => {
        underWay.delete(run);
        begin();
      });
      underWay.add(run);
    }
  }

  async function workOn({ item, ended }: Job<T, R>): Promise<void> {
    try {
      const worked = await work(item);
      ended.resolve("instead" in worked ? { jobs: enqueue(worked.instead) } : worked);
    } catch (error) {
      queue.length = 0;
      ended.reject(error);
    }
  }

  function settleLater(item: T, result: R): void {
    const settled = settle(item, result);
    settled.catch(unsettled.reject);
    settling.push(settled);
  }

  async function settleAll(those: readonly Job<T, R>[]): Promise<void> {
    for (const { item, ended } of those) {
      const outcome = await ended.promise;
      if ("jobs" in outcome) await settleAll(outcome.jobs);
      else settleLater(item, outcome.result);
    }
  }
}
