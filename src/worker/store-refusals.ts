import { zstdCompressSync } from "node:zlib";
import type { Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { hashParts, recordKey } from "../domain/key.ts";
import type { PullScope } from "./pull-scope.ts";
import { versionKeyOf } from "./stored-version.ts";

/** Something that could not be used, kept whole. */
export interface Refusal {
  readonly type: string | undefined;
  readonly code: string;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  readonly body: string;
  /** What it is by, whatever the order of its keys: read again, it is the same. */
  readonly identity: string;
  /** Reports, orders and Tasks that it names, itself among them. */
  readonly names: readonly Key[];
  readonly patient: Key | undefined;
  readonly eventAt: Instant | undefined;
  /** The record, and which version of it, where it says so. */
  readonly record?: Key | undefined;
  readonly versionId?: string | undefined;
}

/** Puts into quarantine what is not there already, and returns it. */
export async function storeRefusals(db: Kysely<Database>, scope: PullScope, refusals: readonly Refusal[]): Promise<Refusal[]> {
  const keyOf = (name: Key): bigint => recordKey(scope.site.name, name);
  const byKey = new Map(refusals.map((refusal) => [hashParts("quarantine", scope.site.name, scope.source, refusal.identity), refusal]));
  const rows = [...byKey].map(([quarantine_key, refusal]) => ({
    quarantine_key,
    site_id: scope.siteId,
    source: scope.source,
    type: refusal.type,
    code: refusal.code,
    reason: refusal.reason,
    file: refusal.file,
    line: refusal.line,
    first_run: scope.runId,
    event_at: refusal.eventAt,
    names: refusal.names.map(keyOf),
    patient_ref: refusal.patient === undefined ? undefined : keyOf(refusal.patient),
    body: zstdCompressSync(refusal.body),
    resource_key: refusal.record === undefined ? undefined : keyOf(refusal.record),
    version_key: refusal.versionId === undefined ? undefined : versionKeyOf(refusal.versionId),
  }));
  const inserted = await insertRows<{ quarantine_key: bigint }>(
    db,
    "quarantine",
    {
      quarantine_key: "bigint",
      site_id: "integer",
      source: "text",
      type: "text",
      code: "text",
      reason: "text",
      file: "text",
      line: "integer",
      first_run: "uuid",
      event_at: "timestamptz",
      names: "bigint[]",
      patient_ref: "bigint",
      body: "bytea",
      resource_key: "bigint",
      version_key: "bigint",
    },
    rows,
    { onConflict: "nothing", returning: ["quarantine_key"] },
  );
  return inserted.rows.map(({ quarantine_key }) => byKey.get(quarantine_key)).filter((refusal) => refusal !== undefined);
}
