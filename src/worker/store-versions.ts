import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { Kysely } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import { BinaryRows } from "../db/binary-rows.ts";
import { copyWritten } from "../db/copy-rows.ts";
import type { Database } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Instant } from "../domain/instant.ts";
import { hashBytes } from "../domain/key.ts";
import type { PullScope } from "./pull-scope.ts";
import { factsOf, type StoredVersion } from "./stored-version.ts";

/** Types whose versions never expire: they only carry attributes. An Observation does, once nothing that is held names it. */
const attributeTypes: ReadonlySet<string> = new Set([
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
]);

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
  const blocks: Record<string, unknown>[] = [];
  const [added, bettered]: [Lying[], Lying[]] = [[], []];
  for (const { month_at, versions } of groupByBlock(fresh)) {
    const block_key = blockKey(versions);
    const bodies = versions.flatMap(({ body }, place) => (place === 0 ? [body] : [newLine, body]));
    const body = await compress(Buffer.concat(bodies));
    blocks.push({ block_key, site_id, month_at, resources: versions.length, body });
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
  await together([
    insertRows(
      db,
      "resource_block",
      { block_key: "bigint", site_id: "integer", month_at: "timestamptz", resources: "integer", body: "bytea" },
      blocks,
      // The same versions again are better contents of them.
      { onConflict: { columns: ["block_key"], update: ["month_at", "resources", "body"] } },
    ),
    copyWritten(db, "resource_version", added),
    insertRows(db, "resource_version", versionColumns, bettered, {
      onConflict: {
        columns: ["resource_key", "version_key"],
        update: ["source", "block_key", "place", "last_updated", "content_hash", "latest_at", "facts"],
      },
    }),
  ]);
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
  return attributeTypes.has(type);
}

interface BlockOf {
  readonly month_at: Instant;
  readonly versions: StoredVersion[];
}

/** What lies in one block: what is dropped at different times does not, for a block goes when the last of it does. */
function groupByBlock(fresh: readonly StoredVersion[]): BlockOf[] {
  const blocks = new Map<string, Map<Instant, BlockOf>>();
  for (const version of fresh) {
    const lasting = lastingOf(version);
    const months = blocks.get(lasting) ?? new Map<Instant, BlockOf>();
    blocks.set(lasting, months);
    const month_at = monthOf(version.eventAt ?? version.latestAt);
    const block = months.get(month_at);
    if (block === undefined) months.set(month_at, { month_at, versions: [version] });
    else block.versions.push(version);
  }
  return [...blocks.values()].flatMap((months) => [...months.values()]);
}

function lastingOf(version: StoredVersion): "kept" | "observation" | "dropped" {
  if (isKept(version)) return "kept";
  return version.type === "Observation" ? "observation" : "dropped";
}

function monthOf(at: Instant | undefined): Instant {
  const date = new Date(at ?? 0);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/** The same of the same versions, whatever they say. */
function blockKey(versions: readonly StoredVersion[]): bigint {
  const keys = new BigInt64Array(versions.length * 2);
  for (const [place, { resourceKey, versionKey }] of versions.entries()) {
    keys[place * 2] = resourceKey;
    keys[place * 2 + 1] = versionKey;
  }
  return hashBytes(new Uint8Array(keys.buffer));
}
