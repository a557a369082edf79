import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { expectElsewhere, fromHapi } from "../../fixtures/elsewhere.ts";
import { expectedLoops } from "../../fixtures/expected.ts";
import { sites } from "../../fixtures/sites.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { expectedLines, linesFromFiles, loopLines } from "../fixtures/site-loops.ts";
import { hospitalNow, hospitalSince } from "../store/scanned-hospital.ts";
import { emptyHapi } from "./ask-hapi.ts";
import { loadHospital } from "./load-hospital.ts";
import type { Loaded } from "./load-records.ts";
import { scanHapi } from "./scan-hapi.ts";

const base = inject("hapiBase");
let connection: Connection;
let fromFiles: Awaited<ReturnType<typeof linesFromFiles>>;

beforeAll(async () => {
  connection = await scratchDatabase();
  fromFiles = await linesFromFiles(connection);
});
afterAll(() => connection.close());

/** Of these a scan wants every version, of others the newest. */
const workflow = ["Appointment", "Communication", "DiagnosticReport", "MedicationRequest", "ServiceRequest", "Task"];
/** Of these nothing is wanted. */
const unused = ["Claim", "Device"];

/** How many versions a scan stores, by type. */
function countTaken(loaded: readonly Loaded[]): Record<string, number> {
  const wanted = new Map<string, Set<string>>();
  for (const { resource, version } of loaded) {
    const type = resource.resourceType;
    if (version === undefined || unused.includes(type)) continue;
    const name = workflow.includes(type) ? version : version.replace(/\/_history\/\d+$/, "");
    wanted.set(type, (wanted.get(type) ?? new Set()).add(name));
  }
  return Object.fromEntries([...wanted].map(([type, names]) => [type, names.size]));
}

test.each(sites)("a scan of $id from HAPI says what its column says, with the ids of the files", async (site) => {
  await emptyHapi(base);
  const loaded = await loadHospital(base, site.id);
  const { run, feeds } = await scanHapi(connection, site.id, { now: hospitalNow, since: hospitalSince });
  expect(run).toMatchObject({ state: "complete", notes: { failedWindows: [], notOffered: [], serverRemarks: [] } });
  const read = Object.fromEntries(feeds.filter((feed) => feed.read > 0).map(({ type, stored }) => [type, stored]));
  expect(read).toEqual(countTaken(loaded));
  const expected = expectElsewhere(
    fromHapi,
    site.cases.flatMap((each) => expectedLoops(site, each)),
  );
  expect(await loopLines(connection, site.id)).toEqual(expectedLines(expected, fromFiles.get(site.id) ?? []));
});
