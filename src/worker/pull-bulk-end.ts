import { withTransaction } from "../db/transaction.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { cancelExport } from "../fhir/bulk-export.ts";
import { countType } from "../fhir/count-type.ts";
import { forgetExport, listFiles, listNotExported, noteEnded, type HeldExport } from "../store/bulk-export.ts";
import { creditExported, listExported, type ExportedFeed } from "../store/bulk-feed.ts";
import type { BroughtBy } from "./brought.ts";
import type { BulkPull } from "./bulk-pull.ts";

/**
 * Credits what an export brought whole, up to its `transactionTime`, in one transaction with its end, and has the server
 * delete it. What it did not bring keeps its place: the next export asks for it from there.
 */
export async function endExport(pull: BulkPull, held: HeldExport, transactionAt: Instant): Promise<Omit<BroughtBy, "transactionAt">> {
  const { db, scope, level, lagMs } = pull;
  const source = { siteId: scope.siteId, source: scope.source };
  const known = new Map((await listExported(db, source, held.level)).map((feed) => [feed.type, feed]));
  const files = await listFiles(db, source);
  const listed = new Set(files.filter(({ kind }) => kind === "output").map(({ type }) => type));
  const refused = new Map((await listNotExported(db, source)).map(({ type, reason }) => [type, reason]));
  const brought: ExportedFeed[] = [];
  const notBrought: { type: string; reason: string }[] = [];
  for (const type of held.types.length > 0 ? held.types : new Set([...listed, ...known.keys()])) {
    const reason =
      refused.get(type) ??
      refused.get("*") ??
      (await whyUnlisted(pull, type, { listed, known: known.get(type), asked: { from: held.since, to: transactionAt } }));
    if (reason !== undefined) notBrought.push({ type, reason });
    else {
      const since = known.get(type)?.since ?? held.since;
      // A clock that is ahead must not make known what has not happened yet.
      brought.push({ type, since, exportedUntil: Math.min(transactionAt, pull.clock()), listed: listed.has(type) });
    }
  }
  await withTransaction(db, async (transaction) => {
    await creditExported(transaction, source, level, brought, lagMs);
    await noteEnded(transaction, source);
  });
  await deleteExport(pull, held);
  return { brought: brought.map(({ type }) => type), notBrought };
}

/** Here and there. */
export async function deleteExport({ db, scope, ask }: BulkPull, { pollUrl }: HeldExport): Promise<void> {
  await cancelExport(ask, pollUrl);
  await forgetExport(db, { siteId: scope.siteId, source: scope.source });
}

/**
 * An export that holds no file of a type may have found nothing, or may leave the type out: servers do so without a word.
 * The first is taken for true where the type came once before, or where the server counts none that it should have held.
 */
async function whyUnlisted(
  { server, capability }: BulkPull,
  type: string,
  { listed, known, asked }: { readonly listed: ReadonlySet<string>; readonly known: ExportedFeed | undefined; readonly asked: Interval },
): Promise<string | undefined> {
  if (listed.has(type) || known?.listed === true) return undefined;
  const total = capability.types.has(type) ? await countType(server, type, asked) : undefined;
  if (total === 0) return undefined;
  const rest = total === undefined ? "does not say whether it has any" : "has some";
  return `brought none of it in its export, and ${rest}: where this EPR writes none, list the other types under \`types\` of the source`;
}
