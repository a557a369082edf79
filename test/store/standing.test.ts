import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { recordKey } from "../../src/domain/key.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { listFindings } from "../../src/store/finding.ts";
import { countFindings } from "../../src/store/held-back.ts";
import { recordReview } from "../../src/store/review.ts";
import { settleOldLoops } from "../../src/store/settle-standing.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { readOutcome } from "../property/outcome.ts";
import { hospitalNow, scanInto } from "./scanned-hospital.ts";
import { observation, patient, report, verify, wardFolder } from "./small-ward.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const label = (code: string, system: string) => ({ system, code });
const restricted = { security: [label("R", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality")] };
const names = ["a", "b", "c"] as const;
let version = 1;
/** Each is later than all before it, so that it is the newest. */
const meta = (more = {}) => ({
  meta: { versionId: String((version += 1)), lastUpdated: `2026-03-02T10:00:${String(version % 60).padStart(2, "0")}Z`, ...more },
});

/** What may befall a ward, by a name. */
const happenings = {
  arrives: (name: string) => wardFolder([patient(name), report(name), observation(name, "HH")]),
  isVerified: (name: string) => wardFolder([verify(name, "2026-03-01T09:10:00Z")]),
  isNormal: (name: string) => wardFolder([observation(name, "N", (version += 1))]),
  isRestricted: (name: string) => wardFolder([patient(name, meta(restricted))]),
  isOpenAgain: (name: string) => wardFolder([patient(name, meta())]),
  isRestrictedReport: (name: string) => wardFolder([report(name, meta(restricted))]),
  isMerged: (name: string) =>
    wardFolder([patient(name, { ...meta(), link: [{ other: { reference: `Patient/${names[0]}` }, type: "replaces" }] })]),
} as const;
type Happening = keyof typeof happenings;

const steps = ["take", "confirm", "dismiss", "close", "reopen", "undo", "release"] as const;
const turn = fc.oneof(
  fc.record({ name: fc.constantFrom(...names), what: fc.constantFrom(...(Object.keys(happenings) as Happening[])) }),
  fc.record({ place: fc.nat(4), step: fc.constantFrom(...steps) }),
);

/** Whoever may not do it now does not. */
const review = (id: string, step: (typeof steps)[number]): Promise<unknown> =>
  recordReview(connection.db, everyone, { of: { loopIds: [id] }, step, reason: "said so", at: hospitalNow, id: randomUUID() }).catch(
    () => undefined,
  );

describe("where loops stand, and how many there are of each kind", () => {
  it("is what working it out anew says, after any order of records, reviews, merges and labels", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 8, maxLength: 8 }), async (turns) => {
        const site = `ward-${String((round += 1))}`;
        const since = Date.parse("2026-02-01T00:00:00Z");
        for (const name of names.slice(0, 2)) await scanInto(connection, site, { folder: happenings.arrives(name), since });
        for (const each of turns) {
          if ("what" in each) await scanInto(connection, site, { folder: happenings[each.what](each.name) });
          else {
            const { findings } = await listFindings(connection.db, everyone, { sites: [site], all: true }, { limit: 10 });
            const finding = findings[each.place % Math.max(1, findings.length)];
            if (finding) await review(finding.id, each.step);
          }
          // Compares both with what they follow from.
          await readOutcome(connection.db);
        }
      }),
      { numRuns: Number(process.env["FOLLOWTHROUGH_SEEDS"] ?? 2), seed: 20_261_128, endOnFailure: true },
    );
  });

  it("is restricted for a person who turns out to have a restricted record, though nothing of theirs moves", async () => {
    const site = "joined";
    await scanInto(connection, site, { folder: happenings.arrives("a"), since: Date.parse("2026-02-01T00:00:00Z") });
    // A person's loops live under the least of their keys: the other record's is greater.
    const other = ["q", "r", "s", "t", "u", "v"].find((name) => recordKey(site, `Patient/${name}`) > recordKey(site, "Patient/a"))!;
    await scanInto(connection, site, { folder: happenings.isRestricted(other) });
    const seen = async (): Promise<unknown> =>
      (await countFindings(connection.db, { ...everyone, mayReadRestricted: false }, { sites: [site] })).restricted;
    expect(await seen()).toBe(0);
    const link = [{ other: { reference: "Patient/a" }, type: "replaces" }];
    await scanInto(connection, site, { folder: wardFolder([patient(other, { ...meta(restricted), link })]) });
    expect(await seen()).toBeGreaterThan(0);
    await readOutcome(connection.db);
  });

  it("is the same when a scan and reviewers work at once", async () => {
    const folder = wardFolder(names.flatMap((name) => [patient(name), report(name), observation(name, "HH")]));
    await scanInto(connection, "at-once", { folder, since: Date.parse("2026-02-01T00:00:00Z") });
    const { findings } = await listFindings(connection.db, everyone, { sites: ["at-once"] }, { limit: 10 });
    await Promise.all([
      scanInto(connection, "at-once", { rebuild: "relate" }),
      ...findings.flatMap(({ id }) => [review(id, "take"), review(id, "dismiss")]),
    ]);
    await readOutcome(connection.db);
    const { byVerdict } = await countFindings(connection.db, everyone, { sites: ["at-once"], statuses: ["dismissed"] });
    expect(Object.values(byVerdict).reduce((sum, count) => sum + count, 0)).toBe(findings.length);
    expect(findings.length).toBeGreaterThan(2);
  });

  it("is worked out for what was held before it was kept", async () => {
    const before = await readOutcome(connection.db);
    await connection.db.updateTable("loop").set({ status: null, is_current: false, rank: 9, reviews: 0, restricted: false }).execute();
    await connection.db.deleteFrom("loop_count").execute();
    await settleOldLoops(connection.db);
    expect(await readOutcome(connection.db)).toEqual(before);
  });
});
