import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import type { ScanOptions } from "../../src/worker/scan.ts";
import { scanSite } from "../../src/worker/scan.ts";
import { runHere } from "../commands/command-line-here.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { defaultSignals } from "../signals/default-signals.ts";

const patient = { reference: "Patient/of-extras" };
const at = "2026-01-05T09:00:00Z";
const audit = (id: string, more: object) => ({
  resourceType: "AuditEvent",
  id,
  recorded: "2026-01-06T09:00:00Z",
  outcome: "0",
  agent: [{ who: { reference: "Practitioner/of-extras" }, requestor: true }],
  ...more,
});
/** What the simulated hospital's AuditEvents do not tell: a document sent, and an order deleted. */
const extras = [
  { resourceType: "Patient", id: "of-extras" },
  { resourceType: "Composition", id: "letter", subject: patient, status: "final", date: at, type: { coding: [{ code: "x" }] } },
  { resourceType: "ServiceRequest", id: "gone", subject: patient, status: "active", intent: "order", authoredOn: at },
  audit("sent", {
    subtype: [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "transmit" }],
    entity: [{ what: { reference: "Composition/letter" } }],
  }),
  audit("deleted", { action: "D", entity: [{ what: { reference: "ServiceRequest/gone" } }] }),
];

let connection: Connection;
let folder: string;
beforeAll(async () => {
  connection = await scratchDatabase();
  folder = mkdtempSync(join(tmpdir(), "followthrough-anew-"));
  expect(await runHere({}, "simulate", "--days", "12", "--beds", "2", "--audit-events", "60", "--out", folder)).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "extras.ndjson"), extras.map((each) => `${JSON.stringify(each)}\n`).join(""));
});
afterAll(async () => {
  await connection.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => truncateAll(connection.db));

const all = readCatalogue().map(({ signal }) => signal);
const documents = all.filter(({ id }) => id.includes("letter") || id.includes("document"));
const sets: Readonly<Record<string, readonly Signal[]>> = { default: defaultSignals, documents, all };

/** Stops the run when so much is left to be related. */
class Killed extends Error {}

async function scan(signals: readonly Signal[], more: Partial<ScanOptions> & { readonly killed?: true } = {}): Promise<number> {
  let most = 0;
  const relating = (left: number): void => {
    most = Math.max(most, left);
    if (more.killed) throw new Killed();
  };
  const options = {
    // Or what signals look back further for than others would have expired.
    config: { ...siteConfig(loadConfig({ env: {} }), "default"), retention: "P20Y" },
    sources: [],
    signals,
    now: Date.parse("2026-03-01T00:00:00Z"),
    progress: { ...silent, relating },
    ...more,
  };
  const clock = () => Date.parse("2027-01-01T00:00:00Z");
  await scanSite(connection, options, { clock, makeId: randomUUID, random: () => 0 }).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return most;
}

const nothing = (): void => undefined;
const silent = { normalising: nothing, reading: nothing, windowRead: nothing, judging: nothing };

async function readMade(): Promise<Record<string, unknown>> {
  const rows = async (query: string) => (await sql.raw(query).execute(connection.db)).rows;
  return {
    events: await rows("select * from care_event order by event_id"),
    copies: await rows("select * from actor_event order by person_key, event_id"),
    waiting: await rows("select * from dirty_record"),
  };
}

const read = () => ({ sources: [{ name: "folder", folder }] });

describe("care events that are asked for", () => {
  test("are the same in the end whatever ran before, and wherever it was killed", async () => {
    await scan(all, read());
    const fresh = await readMade();
    const step = fc.record({ set: fc.constantFrom(...Object.keys(sets)), killed: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (steps) => {
        await truncateAll(connection.db);
        for (const [place, { set, killed }] of steps.entries())
          await scan(sets[set] ?? [], { ...(place === 0 && read()), ...(killed && { killed }) });
        await scan(all);
        expect(await readMade()).toEqual(fresh);
      }),
      {
        numRuns: 6,
        examples: [
          [[{ set: "default", killed: false }]],
          [
            [
              { set: "all", killed: true },
              { set: "default", killed: false },
            ],
          ],
        ],
      },
    );
    await scan(all, { rebuild: "relate" });
    expect(await readMade()).toEqual(fresh);
  });

  test("of a site that was never judged are made as it is judged: nothing is related twice", async () => {
    const usual = await scan(defaultSignals, read());
    await truncateAll(connection.db);
    expect(await scan(all, read())).toBe(usual);
    // Most looks were related as they arrived.
    const { count, audits } = await countRecords();
    expect(count - usual).toBeGreaterThan(audits / 2);
  });

  test("are made of those alone that may say them", async () => {
    await scan(defaultSignals, read());
    const { count, audits } = await countRecords();
    expect(audits).toBeGreaterThan(count / 3);
    const related = await scan(all);
    expect(related).toBeGreaterThan(0);
    expect(related).toBeLessThan(count - audits);
  });
});

async function countRecords(): Promise<{ count: number; audits: number }> {
  const { rows } = await sql<{ count: number; audits: number }>`
    select count(*)::integer as count, (count(*) filter (where type = 'AuditEvent'))::integer as audits from record`.execute(connection.db);
  return rows[0] ?? { count: 0, audits: 0 };
}
