/** An item, and what was read for it. */
export interface Read<T, R> {
  readonly item: T;
  readonly found: R;
}

/**
 * Reads for each item, in their order and ahead of whoever works on it: for so many while one is worked on, at the same time. After a
 * failure nothing is begun any more; it is thrown where its item would come, when all that was begun has ended.
 */
export async function* readAhead<T, R>(
  items: AsyncIterable<T>,
  most: number,
  read: (item: T) => Promise<R>,
): AsyncGenerator<Read<T, R>, void, undefined> {
  const begun: Read<T, Promise<R>>[] = [];
  try {
    for await (const item of items) {
      const found = read(item);
      // It is heard of when it is its turn.
      found.catch(() => undefined);
      begun.push({ item, found });
      if (begun.length > most) yield* first();
    }
    while (begun.length > 0) yield* first();
  } finally {
    await Promise.allSettled(begun.map(({ found }) => found));
  }

  async function* first(): AsyncGenerator<Read<T, R>, void, undefined> {
    const [next] = begun;
    if (next === undefined) return;
    const found = await next.found;
    begun.shift();
    yield { item: next.item, found };
  }
}
