import { afterAll, expect, it } from "vitest";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { rollDice, type Dice } from "../hospital/dice.ts";
import { observation, order, patient, report, task, verify } from "../store/small-ward.ts";
import { startDisturbingProxy } from "../worker/disturbing-proxy.ts";
import { scanResources } from "../worker/scan-resources.ts";
import { scanServer, wholeExport, type ServerScan } from "../worker/scan-server.ts";
import { serveWard } from "../worker/served-ward.ts";
import { readOutcome } from "./outcome.ts";
import { listSeeds } from "./seeds.ts";

const connection = await scratchDatabase();
const proxy = await startDisturbingProxy();

afterAll(async () => {
  await proxy.close();
  await connection.close();
});

const since = "2026-02-01T00:00:00Z";
const [first, deletedAt, last] = ["2026-03-02T00:00:00Z", "2026-03-02T09:00:00Z", "2026-03-03T00:00:00Z"];
type Record = Readonly<globalThis.Record<string, unknown>>;

it.each(listSeeds(3))(
  "seed %i: exports in files of any length, a search and a folder of the same end in the same loops, with deletions among them",
  async (seed) => {
    const dice = rollDice(seed, 11);
    const [before, after] = [rollWard(dice, "a"), rollWard(dice, "b", "2026-03-02T10:00:00Z")];
    const gone = before
      .filter(({ resourceType }) => ["AuditEvent", "Communication", "ServiceRequest", "Task"].includes(String(resourceType)))
      .filter(() => dice.chance(0.3))
      .map(({ resourceType, id }) => ({ name: `${String(resourceType)}/${String(id)}`, at: deletedAt, version: "2" }));
    // An export is taken of what is there: the records that were deleted since are in none of the second's files.
    const all = [...before, ...after];

    await truncateAll(connection.db);
    for (const [resources, at, deleted] of [[before, first, []] as const, [all, last, gone] as const]) {
      await serveWard(proxy, resources, { at, deleted, bulk: { linesPerFile: dice.pick([1, 2, 7, 1_000]), polls: dice.int(0, 2) } });
      const { run } = await scan({ bulk: wholeExport });
      expect([run.state, run.notes.failedWindows]).toEqual(["complete", []]);
    }
    const exported = await listEnds();

    await truncateAll(connection.db);
    await serveWard(proxy, all, { at: last, deleted: gone });
    await scan({});
    expect(await listEnds()).toEqual(exported);

    await truncateAll(connection.db);
    const entry = gone.map(({ name, at: lastModified, version }) => ({
      request: { method: "DELETE", url: name },
      response: { lastModified, etag: `W/"${version}"` },
    }));
    const bundle = entry.length === 0 ? [] : [{ resourceType: "Bundle", type: "history", entry }];
    const types = ["AuditEvent", "Communication", "DiagnosticReport", "Observation", "Patient", "Provenance", "ServiceRequest", "Task"];
    const coverage = Object.fromEntries(types.map((type) => [type, [[since, last] as const]]));
    await scanResources(connection, { resources: dice.shuffle([...all, ...bundle]), coverage, now: last, since });
    expect(await listEnds()).toEqual(exported);

    expect(exported.length).toBeGreaterThan(5);
    expect(new Set(exported.map((line) => line.split(" ")[2])).size).toBeGreaterThan(2);
  },
);

function scan(more: Partial<ServerScan>) {
  return scanServer(connection, { url: proxy.url, clock: proxy.clock, since, timeZone: "Europe/London", ...more });
}

/** All loops but for when they were given up, which an export tells by its own time. */
async function listEnds(): Promise<string[]> {
  const { loops } = await readOutcome(connection.db);
  return loops.map(
    (loop) => `${loop.signal} ${loop.subject} ${loop.verdict} ${loop.reason ?? "-"} ${String(loop["due_at"])} ${String(loop["met_at"])}`,
  );
}

/** A few patients with what was recorded of them on 1 March, or so much later. */
function rollWard(dice: Dice, prefix: string, from = "2026-03-01T09:00:00Z"): Record[] {
  const at = (): string => new Date(Date.parse(from) + dice.int(1, 600) * 60_000).toISOString();
  const dated = (resource: Record, when = at()): Record => ({ ...resource, meta: { versionId: "1", lastUpdated: when } });
  return Array.from({ length: dice.int(2, 5) }, (_, number) => {
    const id = `${prefix}${number}`;
    const [verifiedAt, toldAt] = [at(), at()];
    const ofPatient = { subject: { reference: `Patient/${id}` } };
    const told = {
      resourceType: "Communication",
      id: `told-${id}`,
      status: "completed",
      sent: toldAt,
      sender: { reference: "Practitioner/hale" },
      about: [{ reference: `DiagnosticReport/${id}` }],
    };
    const [orderedAt, askedAt] = [at(), at()];
    return [
      patient(id),
      report(id, { issued: from, meta: { versionId: "1", lastUpdated: from } }),
      dated(observation(id, dice.pick(["HH", "H", "N"])), from),
      ...(dice.chance(0.6) ? [dated({ ...verify(id, verifiedAt), id: `verify-${id}` }, verifiedAt)] : []),
      ...(dice.chance(0.5) ? [dated(told, toldAt)] : []),
      ...(dice.chance(0.7) ? [order(id, { ...ofPatient, authoredOn: orderedAt, meta: { versionId: "1", lastUpdated: orderedAt } })] : []),
      ...(dice.chance(0.7)
        ? [task(id, { for: ofPatient.subject, authoredOn: askedAt, meta: { versionId: "1", lastUpdated: askedAt } })]
        : []),
    ];
  }).flat();
}
