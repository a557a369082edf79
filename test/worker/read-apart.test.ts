import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { contextOf } from "../../src/worker/pull-all.ts";
import { unpackBatch, type PackedBatch } from "../../src/worker/pack-batch.ts";
import { readApart } from "../../src/worker/read-apart.ts";
import { readBatches, type FolderNotes, type FolderToRead } from "../../src/worker/read-batches.ts";
import type { Batch } from "../../src/worker/store-batch.ts";

const hospital = fileURLToPath(new URL("../../fixtures/hospital", import.meta.url));
const from = (folder: string): FolderToRead => ({
  folder,
  site: "north",
  fhirVersion: "R5",
  context: contextOf(siteConfig(loadConfig({ env: {} }), "north")),
  clock: Date.parse("2026-03-05T00:00:00Z"),
});

let folder: string;
const exact = '{"resourceType":"Observation","id":"exact", "valueQuantity": {"value":7.10}}';

/** The fixture hospital, and what no folder should hold. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "followthrough-apart-"));
  cpSync(hospital, folder, { recursive: true });
  const lines = [
    '{"resourceType":"Patient","id":"p-1","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}]}',
    '{"resourceType":"AuditEvent","recorded":"2026-03-01T10:00:00Z","entity":[{"what":{"reference":"Patient/p-1","identifier":{"system":"urn:x","value":"é\\u0000"}}}]}',
    `{"resourceType":"AuditEvent","id":"scanner","recorded":"2026-03-01T10:00:00Z","entity":[{"query":"${btoa("Patient?_id=a%00b")}"}]}`,
    '{"resourceType":"DiagnosticReport","status":"final"}',
    '{"resourceType":"Basic","id":"b"}',
    exact,
    '{"resourceType":"Task","id":"t","status":"completed","focus":{"reference":"DiagnosticReport/r"},"lastModified":"2026-03-09T10:00:00Z"}',
    '{"resourceType":"Task","id":"t',
  ];
  writeFileSync(join(folder, "odd.ndjson"), lines.join("\n"));
  writeFileSync(join(folder, "torn.ndjson.gz"), gzipSync(`${lines[0] ?? ""}\n`.repeat(500)).subarray(0, 60));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(batches: AsyncGenerator<PackedBatch, FolderNotes>): Promise<{ batches: Batch[]; notes: FolderNotes }> {
  const read: Batch[] = [];
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return { batches: read, notes: next.value };
    read.push(unpackBatch(next.value));
  }
}

describe("a folder that is read in a thread of its own", () => {
  it("gives the same batches, notes and bytes as one that is not", async () => {
    const bytes: [number[], number[]] = [[], []];
    const here = await readAll(readBatches(from(folder), (count) => bytes[0].push(count)));
    const apart = await readAll(readApart(from(folder), (count) => bytes[1].push(count)));
    expect(apart).toEqual(here);
    expect(bytes[1].at(-1)).toBe(bytes[0].at(-1));
    const arrivals = here.batches.flatMap((batch) => batch.arrivals);
    expect(arrivals.length).toBeGreaterThan(500);
    expect(arrivals.filter(({ aliases }) => aliases.length > 0)).not.toEqual([]);
    expect(arrivals.filter(({ links }) => links.length > 1)).not.toEqual([]);
    expect(arrivals.filter(({ standsAlone }) => standsAlone)).not.toEqual([]);
    expect(here.batches.flatMap(({ refusals }) => refusals.map(({ code }) => code))).toEqual(
      expect.arrayContaining(["no-id", "truncated", "damaged-gzip"]),
    );
    expect(here.notes.cutShort.map(({ file }) => file)).toEqual(["odd.ndjson", "torn.ndjson.gz"]);
    expect(here.notes.otherVersions.size).toBeGreaterThan(0);
  });

  it("keeps a resource as it was written: 7.10 says more than 7.1", async () => {
    const { batches } = await readAll(readBatches(from(folder), () => undefined));
    const kept = batches.flatMap(({ arrivals }) => arrivals).find(({ key }) => key === "Observation/exact");
    expect(kept?.body.toString()).toBe(exact);
  });

  it("says what the user can mend as the same error", async () => {
    const missing = join(folder, "missing");
    const here = await readBatches(from(missing), () => undefined)
      .next()
      .catch((error: unknown) => error);
    const apart = await readApart(from(missing), () => undefined)
      .next()
      .catch((error: unknown) => error);
    expect(apart).toBeInstanceOf(UserError);
    const said = ({ code, message, fix }: UserError) => ({ code, message, fix });
    expect(said(apart as UserError)).toEqual(said(here as UserError));
    expect(apart).toMatchObject({ code: "folder-missing" });
  });

  it("stops reading when nobody wants more", async () => {
    const batches = readApart(from(folder), () => undefined);
    expect((await batches.next()).done).toBe(false);
    await batches.return(undefined as never);
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });
});
