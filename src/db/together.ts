/**
 * Works on several things at once, for statements of one transaction that need not wait for each other: they are sent one behind the
 * other, and the server goes on meanwhile. Ends when all of them have: none may come behind the rollback that a failure is followed by.
 * @throws what failed first: everything after it fails too, because of it, and may be heard of earlier
 */
export async function together(work: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(work)).flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as unknown] : [],
  );
  if (failures.length === 0) return;
  throw failures.find((failure) => (failure as { code?: string } | undefined)?.code !== transactionAborted) ?? failures[0];
}

/** A statement of the transaction has failed before: it takes no other. */
export const transactionAborted = "25P02";
