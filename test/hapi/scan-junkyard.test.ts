import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { environmentOf, runFollowthrough } from "../commands/run-followthrough.ts";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { askHapi, emptyHapi, passLastWrite } from "./ask-hapi.ts";
import { loadCorpora } from "./load-corpora.ts";
import { countByStatus } from "./load-records.ts";

interface Summary {
  readonly run: { readonly notes: { readonly failedWindows: readonly object[] } };
  readonly feeds: readonly ({ readonly type: string } & Record<
    "read" | "stored" | "duplicate" | "quarantined" | "expired" | "skipped",
    number
  >)[];
  readonly signals: readonly object[];
}

const base = inject("hapiBase");
let place: ScratchPlace;
beforeAll(async () => {
  place = await scratchPlace();
});
afterAll(() => place.remove());

async function scan(): Promise<Summary> {
  await passLastWrite(base);
  const args = ["scan", "--from", base, "--since", "2024-01-01T00:00:00Z", "--json"];
  const { code, stdout, stderr } = await runFollowthrough(environmentOf(place), args);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect([0, 3]).toContain(code);
  return JSON.parse(stdout) as Summary;
}

/** As the server itself counts what a scan wants of a type: every version, or every record. */
async function countHeld(type: string): Promise<number> {
  const isWorkflow = ["Appointment", "Communication", "DiagnosticReport", "MedicationRequest", "ServiceRequest", "Task"].includes(type);
  const { body } = await askHapi("GET", `${base}/${type}${isWorkflow ? "/_history?_count=1" : "?_summary=count"}`);
  return Number(body?.["total"]);
}

test("a server full of everybody's experiments is read whole, and again nothing changes", async () => {
  await emptyHapi(base);
  // It takes seven in ten. Most others have no id, or a number for one, which only the server may give.
  expect(countByStatus(await loadCorpora(base))).toEqual({ 200: 416, 201: 939, 400: 523, 404: 11, 422: 4, 500: 4 });
  const first = await scan();
  expect(first.run.notes.failedWindows).toEqual([]);
  const stored = first.feeds.map((feed) => [feed.type, feed.stored + feed.quarantined + feed.expired]);
  const held: [string, number][] = [];
  for (const { type } of first.feeds) held.push([type, await countHeld(type)]);
  expect(stored).toEqual(held);
  expect(held.filter(([, count]) => count > 0).length).toBeGreaterThanOrEqual(15);

  const second = await scan();
  expect(second.feeds.filter((feed) => feed.read !== feed.duplicate + feed.quarantined + feed.expired)).toEqual([]);
  const counts = ({ signals }: Summary): object[] => signals.map((signal) => ({ ...signal, notLookedAt: undefined }));
  expect(counts(second)).toEqual(counts(first));
});
