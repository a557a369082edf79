import { expect, test } from "vitest";
import { faultTable } from "../../src/fhir-server/faults/fault-table.ts";
import { noFaults } from "../../src/fhir-server/faults/plan-faults.ts";
import { verify } from "../store/small-ward.ts";
import { creditOf, readOf, type ServerScan } from "./scan-server.ts";
import { connection, failuresOf, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

/** More than is read as one, within an hour of a week. */
const many = 4_500;
const events = Array.from({ length: many }, (_, number) => {
  const time = new Date(Date.parse("2026-03-03T09:00:00Z") + number * 800).toISOString();
  return { ...verify("k", time), id: `e${number}`, meta: { versionId: "1", lastUpdated: time } };
});
const scan = (more: Partial<ServerScan> = {}) => scanProxy({ since: "2026-03-01T00:00:00Z", types: ["AuditEvent"], ...more });
const serve = () => serveWard(proxy, events, { at: "2026-03-06T00:00:00Z", offers: ["AuditEvent"] });
/** Where each search of a window begins. */
const begun = (): string[] =>
  proxy.asked
    .flatMap((path) => /^AuditEvent\?_lastUpdated=ge(2026[^&]*)%3A\d\d\.\d{3}Z&.*_count=\d\d+$/.exec(path)?.[1]?.replace("%3A", ":") ?? [])
    .toSorted();
const held = async (): Promise<number> => (await connection.db.selectFrom("resource_version").select("type").execute()).length;
const days = ["2026-03-01T00:00", "2026-03-02T00:00", "2026-03-03T00:00", "2026-03-04T00:00", "2026-03-05T00:00"];

test("a window that holds too much is read in parts, each record once, and an outage costs no part that was read", async () => {
  await serve();
  let parts = 0;
  proxy.disturb((path) =>
    path.startsWith("AuditEvent?_lastUpdated=ge2026-03-03T09") && !path.includes("_summary") && ++parts > 1 ? "reset" : undefined,
  );
  expect(failuresOf(await scan({ sideBySide: 1 }))).toEqual(["AuditEvent: broke off its answer (UND_ERR_SOCKET)"]);
  // The third part fails.
  expect(begun().filter((at) => at < "2026-03-03T09:40")).toEqual([...days.slice(0, 3), "2026-03-03T00:00", "2026-03-03T09:20"]);
  proxy.forget();
  const summary = await scan();
  expect([failuresOf(summary), await held(), begun()[0]]).toEqual([[], many, "2026-03-03T09:29"]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-03-01T00:00 2026-03-06T00:00"]);
});

test("the parts of a busy window are counted, and the rest of it asked for as one", async () => {
  await serve();
  const summary = await scan();
  expect([failuresOf(summary), readOf(summary)]).toEqual([[], [`AuditEvent ${many}/${many}`]]);
  expect(summary.feeds.find(({ type }) => type === "AuditEvent")?.count).toEqual({ expected: many, given: many, counted: 8, uncounted: 0 });
  expect(proxy.asked.filter((path) => /ge2026-03-03T09%3A[24]0.*_count=/.test(path)).every((path) => !path.endsWith("_count=200"))).toBe(
    true,
  );
  expect(begun()).toEqual([...days, "2026-03-03T00:00", "2026-03-03T09:20", "2026-03-03T09:40", "2026-03-03T10:00"].toSorted());
});

test.each(["lower-bound-ignored", "upper-bound-ignored"])(
  "a server of which is said %s when it searches is not asked for parts",
  async (name) => {
    await serve();
    const faults = faultTable.filter((each) => each.name === name);
    proxy.front.follow({
      ...noFaults,
      choose: (question) => (question.query.get("_summary") === null ? faults.filter((each) => each.befalls(question)) : []),
    });
    expect([failuresOf(await scan()), await held(), begun()]).toEqual([[], many, days]);
  },
);
