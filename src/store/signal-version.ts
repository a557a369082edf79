import { isDeepStrictEqual } from "node:util";
import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";

export interface SignalVersion {
  readonly from: Instant;
  readonly signal: Signal;
}

interface HeldDefinition {
  readonly version: number;
  readonly edition: string;
  readonly base_hash: string;
  readonly is_own: boolean;
  readonly definition: Signal;
}

interface InForce {
  readonly from: Instant;
  readonly version: number;
  readonly edition: string;
}

/**
 * Takes a site's current definitions into its history: the first of a signal is in force for all time, another version, or
 * another edition of one, from the scan that first used it. Returns all that were in force of these signals, oldest first.
 * @throws UserError `signal-changed` where a file says something else under a version that was in force, or by another template
 */
export async function takeSignalsInForce(
  db: Kysely<Database>,
  siteId: number,
  signals: readonly { readonly signal: Signal; readonly edition: string }[],
  now: Instant,
): Promise<{ id: string; versions: SignalVersion[] }[]> {
  const held = await db.selectFrom("signal_version").selectAll().where("site_id", "=", siteId).execute();
  const inForce = await db.selectFrom("signal_in_force").selectAll().where("site_id", "=", siteId).orderBy("from_at").execute();
  const histories: { id: string; versions: SignalVersion[] }[] = [];
  for (const { signal, edition } of signals) {
    const known = held.filter((row) => row.signal === signal.id);
    const current = currentOf(signal, edition);
    refuseChanged(known, current);
    await keepDefinition(db, siteId, known, current);
    const before = inForce
      .filter((row) => row.signal === signal.id)
      .map(({ from_at, version, edition: each }) => ({ from: from_at, version, edition: each }));
    const after = await bringIntoForce(db, siteId, before, current, now);
    const definitions = [...known.filter((row) => !isSame(row, current)), current];
    histories.push({ id: signal.id, versions: after.map(({ from, ...which }) => ({ from, signal: definitionOf(definitions, which) })) });
  }
  return histories;
}

function currentOf(signal: Signal, edition: string): HeldDefinition {
  const { baseHash = edition, isOwn = false } = signal.origin ?? {};
  return { version: signal.version, edition, base_hash: baseHash, is_own: isOwn, definition: { ...signal, edition } };
}

function isSame(one: Omit<InForce, "from">, other: Omit<InForce, "from">): boolean {
  return one.version === other.version && one.edition === other.edition;
}

function definitionOf(definitions: readonly HeldDefinition[], which: Omit<InForce, "from">): Signal {
  const found = definitions.find((each) => isSame(each, which));
  if (!found) throw new Error("A definition that was in force is always kept.");
  return found.definition;
}

/** The site's configuration makes another edition; a file whose logic changes must say so itself. */
function refuseChanged(known: readonly HeldDefinition[], { version, base_hash, is_own, definition }: HeldDefinition): void {
  const { id } = definition;
  if (known.some((row) => row.version === version && row.is_own === is_own && row.base_hash !== base_hash)) {
    throw new UserError(
      "signal-changed",
      `The signal "${id}" says something else than when version ${String(version)} of it came into force at this site.`,
      `Give it a new version number: past loops keep the definition they were judged by.`,
    );
  }
  if (known.some((row) => (row.definition.loop === undefined) !== (definition.loop === undefined))) {
    throw new UserError(
      "signal-changed",
      `The signal "${id}" is by another template than it was at this site.`,
      "Give it an id of its own: what it judges is something else.",
    );
  }
}

/**
 * Prose may be mended without a new version: the file's own words are shown. The tier says who sees a signal now, so it is
 * that of every definition of it.
 */
async function keepDefinition(
  db: Kysely<Database>,
  siteId: number,
  known: readonly HeldDefinition[],
  current: HeldDefinition,
): Promise<void> {
  const {
    definition: { id, tier },
  } = current;
  const same = known.find((row) => isSame(row, current));
  const asKept: unknown = JSON.parse(JSON.stringify(current.definition));
  if (!same || !isDeepStrictEqual(same.definition, asKept) || same.base_hash !== current.base_hash) {
    await db
      .insertInto("signal_version")
      .values({ site_id: siteId, signal: id, ...current, definition: JSON.stringify(current.definition) })
      .onConflict((conflict) =>
        conflict.columns(["site_id", "signal", "version", "edition"]).doUpdateSet((set) => ({
          definition: set.ref("excluded.definition"),
          base_hash: set.ref("excluded.base_hash"),
          is_own: set.ref("excluded.is_own"),
        })),
      )
      .execute();
  }
  for (const row of known.filter((each) => !isSame(each, current) && each.definition.tier !== tier)) {
    await db
      .updateTable("signal_version")
      .set({ definition: JSON.stringify({ ...row.definition, tier }) })
      .where("site_id", "=", siteId)
      .where("signal", "=", id)
      .where("version", "=", row.version)
      .where("edition", "=", row.edition)
      .execute();
  }
}

/** What is in force from an instant that this scan does not reach yet, or from its own, gives way: it has judged nothing before. */
async function bringIntoForce(
  db: Kysely<Database>,
  siteId: number,
  before: readonly InForce[],
  { version, edition, definition: { id } }: HeldDefinition,
  now: Instant,
): Promise<readonly InForce[]> {
  const last = before.at(-1);
  if (last && isSame(last, { version, edition })) return before;
  const from = last ? Math.max(now, last.from) : -Infinity;
  await db
    .insertInto("signal_in_force")
    .values({ site_id: siteId, signal: id, from_at: toTimestamp(from), version, edition })
    .onConflict((conflict) =>
      conflict
        .columns(["site_id", "signal", "from_at"])
        .doUpdateSet((set) => ({ version: set.ref("excluded.version"), edition: set.ref("excluded.edition") })),
    )
    .execute();
  return [...before.filter((each) => each.from < from), { from, version, edition }];
}

/** The definition that a loop was judged by; undefined where the site never had it in force. */
export async function findSignalVersion(
  db: Kysely<Database>,
  { site, id, version, edition }: { readonly site: string; readonly id: string; readonly version: number; readonly edition: string },
): Promise<Signal | undefined> {
  const row = await db
    .selectFrom("signal_version")
    .innerJoin("site", "site.site_id", "signal_version.site_id")
    .select("definition")
    .where("site.name", "=", site)
    .where("signal", "=", id)
    .where("version", "=", version)
    .where("edition", "=", edition)
    .executeTakeFirst();
  return row?.definition;
}
