import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { Kysely } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import { BinaryRows } from "../db/binary-rows.ts";
import { copyWritten } from "../db/copy-rows.ts";
import type { Database } from "../db/schema.ts";
import type { Instant } from "../domain/instant.ts";
import { hashParts } from "../domain/key.ts";
import type { PullScope } from "./pull-scope.ts";
import { factsOf, type StoredVersion } from "./stored-version.ts";

/** Types whose versions never expire: they only carry attributes. An Observation does, once nothing that is held names it. */
const attributeTypes = [
  // What somebody has for life was recorded once.
  "Condition",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Person",
  "RelatedPerson",
  "Organization",
  "CareTeam",
  "HealthcareService",
  "Encounter",
];

/** In a thread of its own. */
const compress = promisify(zstdCompress);
const newLine = Buffer.from("\n");

/** Versions as they are stored: written down, so that the database needs not wait for it. */
export interface PreparedVersions {
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
  readonly added: BinaryRows;
  /** Better contents of versions that are held. */
  readonly bettered: readonly Readonly<Record<string, unknown>>[];
}

/** Bodies in compressed blocks, one a month of event time, so that retention can drop them whole; and what each version says. */
export async function prepareVersions(
  scope: Pick<PullScope, "site" | "siteId" | "source">,
  fresh: readonly StoredVersion[],
  isHeld: (version: StoredVersion) => boolean,
): Promise<PreparedVersions> {
  const { siteId: site_id } = scope;
  // What never expires lies apart, for a block goes when the last of it does.
  const together = Map.groupBy(fresh, (version) => `${lastingOf(version)} ${String(blockMonthOf(version))}`);
  const blocks: Record<string, unknown>[] = [];
  const [added, bettered]: [Lying[], Lying[]] = [[], []];
  for (const versions of together.values()) {
    const block_key = hashParts(
      "block",
      scope.site.name,
      ...versions.map((version) => `${String(version.resourceKey)} ${String(version.versionKey)}`),
    );
    const bodies = versions.flatMap(({ body }, place) => (place === 0 ? [body] : [newLine, body]));
    const body = await compress(Buffer.concat(bodies));
    blocks.push({ block_key, site_id, month_at: versions.map(blockMonthOf)[0], resources: versions.length, body });
    versions.forEach((version, place) => (isHeld(version) ? bettered : added).push({ version, block_key, place }));
  }
  const rows = new BinaryRows(versionColumns);
  for (const lying of added) rows.add(rowOf(lying, lying.version.facts));
  return { blocks, added: rows, bettered: bettered.map((lying) => rowOf(lying, factsOf(lying.version))) };

  function rowOf({ version, block_key, place }: Lying, facts: unknown): Record<string, unknown> {
    return {
      resource_key: version.resourceKey,
      version_key: version.versionKey,
      site_id,
      source: scope.source,
      type: version.type,
      block_key,
      place,
      last_updated: version.lastUpdated === -Infinity ? undefined : version.lastUpdated,
      content_hash: version.contentHash,
      latest_at: isKept(version) ? undefined : version.latestAt,
      facts,
    };
  }
}

export async function storeVersions(db: Kysely<Database>, { blocks, added, bettered }: PreparedVersions): Promise<void> {
  await insertRows(
    db,
    "resource_block",
    { block_key: "bigint", site_id: "integer", month_at: "timestamptz", resources: "integer", body: "bytea" },
    blocks,
    // The same versions again are better contents of them.
    { onConflict: { columns: ["block_key"], update: ["month_at", "resources", "body"] } },
  );
  await copyWritten(db, "resource_version", added);
  await insertRows(db, "resource_version", versionColumns, bettered, {
    onConflict: {
      columns: ["resource_key", "version_key"],
      update: ["source", "block_key", "place", "last_updated", "content_hash", "latest_at", "facts"],
    },
  });
}

/** Where the body of a version lies. */
interface Lying {
  readonly version: StoredVersion;
  readonly block_key: bigint;
  readonly place: number;
}

const versionColumns: ColumnTypes = {
  resource_key: "bigint",
  version_key: "bigint",
  site_id: "integer",
  source: "text",
  type: "text",
  block_key: "bigint",
  place: "integer",
  last_updated: "timestamptz",
  content_hash: "text",
  latest_at: "timestamptz",
  facts: "json",
};

function isKept({ type }: StoredVersion): boolean {
  return attributeTypes.includes(type);
}

/** What is dropped at different times lies in different blocks. */
function lastingOf(version: StoredVersion): string {
  if (isKept(version)) return "kept";
  return version.type === "Observation" ? "observation" : "dropped";
}

function blockMonthOf(version: StoredVersion): Instant {
  return monthOf(version.eventAt ?? version.latestAt);
}

function monthOf(at: Instant | undefined): Instant {
  const date = new Date(at ?? 0);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}
