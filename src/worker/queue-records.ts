import type { Kysely } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import { copyRows } from "../db/copy-rows.ts";
import type { Database } from "../db/schema.ts";
import { together } from "../db/together.ts";
import { recordKey } from "../domain/key.ts";
import { anyOf } from "./any-of.ts";
import type { PullScope } from "./pull-scope.ts";
import type { KeyedLink, StoredVersion } from "./stored-version.ts";

/** Records of a batch that are held already, and those that were related on their way in. */
export interface KnownRecords {
  readonly held: ReadonlySet<bigint>;
  readonly related: ReadonlySet<bigint>;
}

/** The record where it is not held, what it is linked with, and that it must be related again where it was not related just now. */
export async function queueVersions(
  db: Kysely<Database>,
  scope: PullScope,
  fresh: readonly StoredVersion[],
  { held, related }: KnownRecords,
): Promise<void> {
  const { siteId: site_id } = scope;
  const [changed, added] = partition(fresh, ({ resourceKey }) => held.has(resourceKey));
  const waiting = fresh.filter(({ resourceKey }) => !related.has(resourceKey));
  const records = onePerRecord(added.filter(({ resourceKey }) => !related.has(resourceKey))).map(
    ({ resourceKey, key, type, patient, voided }) => ({
      resource_key: resourceKey,
      site_id,
      namespace: "",
      type,
      id: key.slice(type.length + 1),
      // Before it is related too a change of who its patient is must find it.
      patient_ref: patient && recordKey(scope.site.name, patient),
      patient,
      voided,
    }),
  );
  await together([copyRows(db, "record", newRecordColumns, records), copyRows(db, "link", linkColumns, linkRows(site_id, added))]);
  const aliases = [...(await writeNames(db, site_id, changed)), ...(await writeAliases(db, site_id, added))];
  // Who bears a new name may be somebody else's other self, read or not.
  const renamed = aliases.map((row) => row.resource_key);
  await queueRecords(db, site_id, [...waiting.map(({ resourceKey }) => resourceKey), ...aliases.map(({ alias_key }) => alias_key)]);
  const named = await db
    .selectFrom("alias")
    .select("said_by")
    .distinct()
    .where("said_by", "=", anyOf(waiting.map(({ resourceKey }) => resourceKey)))
    .whereRef("said_by", "=", "resource_key")
    .execute();
  const wereNamed = new Set(named.map((row) => row.said_by));
  const people = waiting
    .filter(({ mayJoinPeople, resourceKey }) => mayJoinPeople || wereNamed.has(resourceKey))
    .map(({ resourceKey }) => resourceKey);
  await insertRows(
    db,
    "dirty_person",
    { resource_key: "bigint", site_id: "integer" },
    [...new Set([...people, ...renamed])].map((resource_key) => ({ resource_key, site_id })),
    { onConflict: "nothing" },
  );
}

function onePerRecord(versions: readonly StoredVersion[]): StoredVersion[] {
  return [...new Map(versions.map((version) => [version.resourceKey, version])).values()];
}

function partition<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  const { true: first = [], false: second = [] } = Object.groupBy(all, (each) => (isFirst(each) ? "true" : "false"));
  return [first, second];
}

type Says = Pick<StoredVersion, "resourceKey" | "links" | "aliases">;

/** What versions are linked with, and the other names that they give; returns the names that are new. */
export async function writeNames(
  db: Kysely<Database>,
  siteId: number,
  versions: readonly Says[],
): Promise<{ alias_key: bigint; resource_key: bigint }[]> {
  await insertRows(db, "link", linkColumns, linkRows(siteId, versions), { onConflict: "nothing" });
  return writeAliases(db, siteId, versions);
}

const newRecordColumns: ColumnTypes = {
  resource_key: "bigint",
  site_id: "integer",
  namespace: "text",
  type: "text",
  id: "text",
  patient_ref: "bigint",
  patient: "text",
  voided: "boolean",
};

const linkColumns: ColumnTypes = { target_key: "bigint", source_key: "bigint", role: "text", site_id: "integer" };

/** Each once, however many versions say so. */
function linkRows(site_id: number, versions: readonly Says[]): Record<string, unknown>[] {
  const said = new Map<bigint, readonly KeyedLink[]>();
  for (const { resourceKey, links } of versions) {
    const before = said.get(resourceKey);
    said.set(resourceKey, before === undefined ? links : [...before, ...links]);
  }
  const rows: Record<string, unknown>[] = [];
  for (const [source_key, links] of said) {
    // Hardly one says two.
    const once = links.length < 2 ? links : new Map(links.map((link) => [`${link.targetKey} ${link.role}`, link])).values();
    for (const { targetKey, role } of once) rows.push({ target_key: targetKey, source_key, role, site_id });
  }
  return rows;
}

async function writeAliases(
  db: Kysely<Database>,
  site_id: number,
  versions: readonly Says[],
): Promise<{ alias_key: bigint; resource_key: bigint }[]> {
  const said = versions.flatMap(({ resourceKey: said_by, aliases }) =>
    aliases.map(({ aliasKey: alias_key, nameKey: resource_key, name }) => ({ alias_key, resource_key, said_by, site_id, name })),
  );
  const { rows } = await insertRows<{ alias_key: bigint; resource_key: bigint }>(
    db,
    "alias",
    { alias_key: "bigint", resource_key: "bigint", said_by: "bigint", site_id: "integer", name: "text" },
    said,
    {
      onConflict: "nothing",
      returning: ["alias_key", "resource_key"],
    },
  );
  return rows;
}

/** Enters records (or other names of them) into the queue of what must be related again, what depends on them too. */
export async function queueRecords(db: Kysely<Database>, siteId: number, keys: Iterable<bigint>): Promise<void> {
  const rows = [...new Set(keys)].map((resource_key) => ({ resource_key, site_id: siteId, expanded: false }));
  await insertRows(db, "dirty_record", { resource_key: "bigint", site_id: "integer", expanded: "boolean" }, rows, {
    onConflict: { columns: ["resource_key"], update: ["expanded"] },
  });
}
