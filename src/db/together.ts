/**
 * Works on several things at once, for statements of one transaction that need not wait for each other: they are sent one behind the
 * other, and the server goes on meanwhile. Ends when all of them have: none may come behind the rollback that a failure is followed by.
 * @throws what failed first, since everything after it fails for that reason
 */
export async function together(work: readonly Promise<unknown>[]): Promise<void> {
  const all = Promise.all(work);
  await Promise.allSettled([all, ...work]);
  await all;
}
