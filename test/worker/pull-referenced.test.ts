import { expect, test } from "vitest";
import { observation, patient, report, verify } from "../store/small-ward.ts";
import { listVerdicts } from "./scan-resources.ts";
import { readOf, type ServerScan } from "./scan-server.ts";
import { connection, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const scan = (more: Partial<ServerScan> = {}) => scanProxy({ since: "2026-02-01T00:00:00Z", ...more });
/** A verify as a server gives it: dated when it was recorded. */
const verified = (of: string, at: string): ReturnType<typeof verify> => ({ ...verify(of, at), meta: { versionId: "1", lastUpdated: at } });

test("records that others name are fetched by id, step by step, once; one that the server lacks is no failure", async () => {
  // Updated before anything is asked for: only their names bring them.
  const old = { versionId: "1", lastUpdated: "2026-01-01T00:00:00Z" };
  const ward = [
    { ...patient("k", { link: [{ type: "replaces", other: { reference: "Patient/older" } }] }), meta: old },
    { ...patient("older"), meta: old },
    report("k", { performer: [{ reference: "Practitioner/absent" }] }),
    { ...observation("k", "HH"), meta: old, hasMember: [{ reference: "Observation/deeper" }] },
    {
      resourceType: "Observation",
      id: "deeper",
      meta: old,
      status: "final",
      code: { text: "Sodium" },
      subject: { reference: "Patient/k" },
    },
  ];
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z" });
  const summary = await scan();
  expect(readOf(summary)).toEqual(["DiagnosticReport 1/1", "Observation 2/2", "Patient 2/2"]);
  expect(summary.run).toMatchObject({ state: "complete", notes: { serverRemarks: [], failedWindows: [] } });
  const byId = proxy.asked.flatMap((path) => /^(\w+)\?_id=([^&]*)/.exec(decodeURIComponent(path))?.slice(1).join(" ") ?? []);
  expect(byId.toSorted()).toEqual(["Observation deeper", "Observation k-1", "Patient k", "Patient older", "Practitioner absent"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k unknown never-seen 2026-03-01T11:00:00.000Z"]);
});

test("a record that the server trips over hides no other, is said to be owed, and is asked for again until it is given", async () => {
  const old = { versionId: "1", lastUpdated: "2026-01-01T00:00:00Z" };
  const names = ["a", "b", "c", "d", "e"];
  const ward: object[] = names.flatMap((name) => [report(name), { ...observation(name, "HH"), meta: old }]);
  ward.push(verified("a", "2026-03-01T09:30:00Z"));
  const verdicts = (c: string): string[] =>
    names.map((name) => `${name} ${name === "a" ? "met" : name === "c" ? c : "missed"} 2026-03-01T11:00:00.000Z`);
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z" });
  proxy.disturb((path) => (/^Observation\?_id=.*c-1/.test(path) ? 500 : undefined));
  const summary = await scan();
  expect(readOf(summary)).toEqual(["AuditEvent 1/1", "DiagnosticReport 5/5", "Observation 4/4"]);
  expect(summary.run.notes.serverRemarks).toEqual([expect.stringContaining("failed to give 1 record that others name")]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(verdicts("unknown observation-not-brought"));
  proxy.forget();
  const again = await scan();
  expect(again.run.notes.serverRemarks).toEqual([]);
  expect(readOf(again)).toContain("Observation 1/1");
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(verdicts("missed"));
  proxy.forget();
  await scan();
  expect(proxy.asked.filter((path) => path.startsWith("Observation?_id="))).toEqual([]);
});

test("where the link to more of what was asked for by id has expired, it is asked for in halves: nothing is taken for what the server does not have", async () => {
  const old = { versionId: "1", lastUpdated: "2026-01-01T00:00:00Z" };
  const ward = ["a", "b", "c"].flatMap((name) => [report(name), { ...observation(name, "HH"), meta: old }]);
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z", maxCount: 2 });
  let isById = false;
  proxy.disturb((path) => {
    if (!path.startsWith("?_page")) isById = path.startsWith("Observation?_id=");
    return isById && path.startsWith("?_page") ? 404 : undefined;
  });
  const summary = await scan({ sideBySide: 1 });
  expect(summary.run.notes.serverRemarks).toEqual([]);
  expect(readOf(summary)).toContain("Observation 3/3");
});

test("what the server will not give us at all is not owed: it is asked for once a pull, and not one by one", async () => {
  const old = { versionId: "1", lastUpdated: "2026-01-01T00:00:00Z" };
  const ward = ["a", "b", "c"].flatMap((name) => [report(name), { ...observation(name, "HH"), meta: old }]);
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z" });
  proxy.disturb((path) => (path.startsWith("Observation?_id=") ? 403 : undefined));
  const summary = await scan();
  expect(summary.run.notes.serverRemarks).toEqual([]);
  expect(proxy.asked.filter((path) => path.startsWith("Observation?_id="))).toHaveLength(1);
});
