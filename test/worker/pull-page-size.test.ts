import { expect, test } from "vitest";
import type { Fault } from "../../src/fhir-server/faults/fault.ts";
import { noFaults } from "../../src/fhir-server/faults/plan-faults.ts";
import { wireFaults } from "../../src/fhir-server/faults/wire-faults.ts";
import { verify } from "../store/small-ward.ts";
import { readOf } from "./scan-server.ts";
import { proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

/** So many events in each of three days. */
const eventsOf = (aDay: number): object[] =>
  ["2026-02-27", "2026-02-28", "2026-03-01"].flatMap((day) =>
    Array.from({ length: aDay }, (_, number) => {
      const time = new Date(Date.parse(`${day}T04:00:00Z`) + number * 60_000).toISOString();
      return { ...verify("k", time), id: `${day}-${number}`, meta: { versionId: "1", lastUpdated: time } };
    }),
  );
const scan = () =>
  scanProxy({
    since: "2026-02-27T00:00:00Z",
    types: ["AuditEvent"],
    counts: false,
    sideBySide: 1,
    patience: { waitsMs: [], timeoutMs: 1_000, bodyMs: 1_000 },
  });
/** What was asked for as one page, at the beginning of each search. */
const sizesAsked = (): string[] =>
  proxy.asked.flatMap((path) => /^AuditEvent\?_lastUpdated=ge[\d-]*-(\d\d)T.*_count=(\d+)$/.exec(path)?.slice(1).join(": ") ?? []);

/** Searches for more than so many a page end like this. */
function failAbove(most: number, does: Fault["does"]): void {
  const fault: Fault = { name: "too-much", lasts: "always", befalls: ({ query }) => Number(query.get("_count")) > most, does };
  proxy.front.follow({ ...noFaults, choose: (question) => (fault.befalls(question) ? [fault] : []) });
}

const answered = (status: number): Fault["does"] => ({ instead: () => ({ status, headers: {}, body: Buffer.from("no") }) });
const onTheWire = (name: string): Fault["does"] => {
  const fault = wireFaults.find((each) => each.name === name);
  if (fault === undefined) throw new Error(name);
  return fault.does;
};

test.each<[what: string, does: Fault["does"]]>([
  ["takes too long", onTheWire("headers-stall")],
  ["stops in the middle", onTheWire("body-stalls")],
  ["answers 500", answered(500)],
  ["answers 413", answered(413)],
  ["gives JSON cut short", onTheWire("json-cut")],
])("where a server %s smaller pages are asked for, and then larger ones again, step by step", async (_, does) => {
  await serveWard(proxy, eventsOf(60), { at: "2026-03-02T00:00:00Z" });
  failAbove(80, does);
  const summary = await scan();
  expect([summary.run.state, readOf(summary)]).toEqual(["complete", ["AuditEvent 180/180"]]);
  // No window is halved; the second one grows from what the first was given in, and a page that is not full says nothing.
  expect(sizesAsked()).toEqual(["27: 200", "27: 50", "28: 70", "01: 70"]);
});

test("where no page is small enough the window is halved, in the smallest", async () => {
  await serveWard(proxy, eventsOf(1), { at: "2026-03-02T00:00:00Z" });
  failAbove(0, answered(500));
  expect((await scan()).run.state).toBe("incomplete");
  const sizes = sizesAsked().map((each) => each.slice(4));
  expect(sizes.slice(0, 4)).toEqual(["200", "50", "12", "10"]);
  expect(new Set(sizes.slice(4))).toEqual(new Set(["10"]));
});

test("a server that is busy, or does not know the question, is not asked for less", async () => {
  await serveWard(proxy, eventsOf(1), { at: "2026-03-02T00:00:00Z" });
  for (const status of [503, 403]) {
    proxy.forget();
    failAbove(0, answered(status));
    await scan();
    expect(new Set(sizesAsked().map((each) => each.slice(4)))).toEqual(new Set(["200"]));
  }
});
