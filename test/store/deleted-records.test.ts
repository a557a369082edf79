import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { listFindings } from "../../src/store/finding.ts";
import { listReviews } from "../../src/store/past-review.ts";
import { recordReview } from "../../src/store/review.ts";
import { pagesHere, under } from "../web/pages-here.ts";
import { scanResources } from "../worker/scan-resources.ts";
import { wholeExport } from "../worker/scan-server.ts";
import { connection, proxy, scanProxy, serveBehindProxy } from "../worker/served-behind-proxy.ts";
import { serveWard, type Ward } from "../worker/served-ward.ts";
import { observation, patient, report, task } from "./small-ward.ts";

serveBehindProxy();

const told = (of: string): object => ({
  resourceType: "Communication",
  id: `told-${of}`,
  meta: { versionId: "1", lastUpdated: "2026-03-01T09:20:00Z" },
  status: "completed",
  sent: "2026-03-01T09:20:00Z",
  sender: { reference: "Practitioner/hale" },
  about: [{ reference: `DiagnosticReport/${of}` }],
});
const ward = ["k", "m"].flatMap((id) => [patient(id), report(id), observation(id, "HH"), told(id)]).concat(task("u"));
const since = "2026-02-01T00:00:00Z";
const deleted = ["Communication/told-k", "Task/u"].map((name) => ({ name, at: "2026-03-02T09:00:00Z", version: "2" }));

/** The ward as two scans see it: before, and after two of its records were deleted. */
const sources: Record<string, (at: string, gone: NonNullable<Ward["deleted"]>) => Promise<unknown>> = {
  folder(at, gone) {
    const entry = gone.map(({ name, at: lastModified, version }) => ({
      request: { method: "DELETE", url: name },
      response: { lastModified, etag: `W/"${version}"` },
    }));
    const coverage = Object.fromEntries(
      ["AuditEvent", "Communication", "DiagnosticReport", "Provenance", "Task"].map((type) => [type, [[since, at]]] as const),
    ) as Record<string, [string, string][]>;
    const bundles = entry.length === 0 ? [] : [{ resourceType: "Bundle", type: "history", entry }];
    return scanResources(connection, { resources: [...ward, ...bundles], coverage, now: at, since });
  },
  async search(at, gone) {
    await serveWard(proxy, ward, { at, deleted: gone });
    return scanProxy({ since });
  },
  async bulk(at, gone) {
    await serveWard(proxy, ward, { at, deleted: gone });
    return scanProxy({ since, bulk: wholeExport });
  },
};

const find = async (signal: string, subject: string): Promise<Finding> => {
  const filter = { all: true, signals: [signal], subject };
  const { findings } = await listFindings(connection.db, everyone, filter, { limit: 2 });
  return findings[0]!;
};

test.each([
  ["folder", "2026-03-02T09:00:00Z"],
  ["search", "2026-03-02T09:00:00Z"],
  // An export tells no time: it was deleted by then.
  ["bulk", "2026-03-03T00:00:00Z"],
])("what rested on a record that was deleted says so: %s", async (source, when) => {
  const scan = sources[source]!;
  await scan("2026-03-02T00:00:00Z", []);
  const overdue = await find("task-overdue", "Task/u");
  expect(overdue).toMatchObject({ verdict: "unknown", reason: "never-seen", restedOnDeleted: [] });
  const of = { loopIds: [overdue.id] };
  await recordReview(connection.db, everyone, { of, step: "take", at: Date.parse(when), id: randomUUID() });
  await scan("2026-03-03T00:00:00Z", deleted);

  const missed = await find("critical-uncommunicated", "DiagnosticReport/k");
  expect(missed).toMatchObject({ verdict: "missed", restedOnDeleted: [{ record: "Communication/told-k", at: when }] });
  const pages = await pagesHere(connection);
  expect(under(await pages.get(`/findings/${missed.id}`), "In one sentence")).toMatch(
    /It rested on Communication\/told-k, which was deleted at the source on \d Mar 2026, \d\d:00 GMT: what that record said counts no more\./,
  );
  await pages.close();

  const { reviews } = await listReviews(connection.db, everyone, of, { limit: 2 });
  expect(reviews.map(({ verdictNow, noLongerApplies }) => [verdictNow, noLongerApplies])).toEqual([
    ["cancelled", `It rested on Task/u, which was deleted at the source on ${when}.`],
  ]);
});
