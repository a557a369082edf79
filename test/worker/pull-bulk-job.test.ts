import { expect, test } from "vitest";
import { truncateAll } from "../db/truncate-all.ts";
import { order, patient, task } from "../store/small-ward.ts";
import type { Disturbance } from "./disturbing-proxy.ts";
import { wholeExport } from "./scan-server.ts";
import { connection, failuresOf, proxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { askedFor, creditsOfWard, exportWard, midnight, types, whole } from "./exported-ward.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const ward = [patient("k"), task("t"), order("o")];

test("a request for an export that is answered busy is made again when the server says; one that stays busy is left to the next scan", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 0 } });
  const slept: number[] = [];
  const patience = { waitsMs: [100, 200], sleep: (ms: number) => Promise.resolve(void slept.push(ms)) };
  const answers: Disturbance[] = [
    { status: 429, headers: { "retry-after": "7" } },
    { status: 503, headers: { "retry-after": new Date(Date.parse(midnight) + 11_000).toUTCString() } },
  ];
  proxy.disturb((path) => (path.startsWith("$export?") ? answers.shift() : undefined));
  expect([(await exportWard({ patience })).run.state, slept]).toEqual(["complete", [7_000, 11_000]]);
  await truncateAll(connection.db);
  proxy.forget();
  proxy.disturb((path) => (path.startsWith("$export?") ? { status: 429, headers: { "retry-after": "7200" } } : undefined));
  const busy = await exportWard({ patience });
  expect([busy.run.state, failuresOf(busy), askedFor("$export?").length, slept.length]).toEqual([
    "incomplete",
    types.map((type) => `${type}: answered HTTP 429`),
    1,
    2,
  ]);
});

test("an export that is in progress for ever ends with its time, with that reason, even where the server says to ask at once; the next scan asks after the same", async () => {
  await serveWard(proxy, ward, { at: midnight });
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? { status: 202, headers: { "retry-after": "0" } } : undefined));
  const bulk = { ...wholeExport, waitMs: 20_000 };
  for (const questions of [21, 42]) {
    const summary = await exportWard({ bulk });
    expect([summary.run.state, failuresOf(summary)]).toEqual(["incomplete", types.map((type) => `${type}: is still making its export`)]);
    const polls = askedFor("$export-poll-status");
    expect([polls.length, new Set(polls).size, askedFor("$export?").length]).toEqual([questions, 1, 1]);
  }
});

test("an export that is asked after in vain is left to the next scan after six times, and given up after a week", async () => {
  await serveWard(proxy, ward, { at: midnight });
  let now = Date.parse(midnight);
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? 503 : undefined));
  for (const [days, begun] of [
    [0, 1],
    [6, 1],
    [1, 2],
  ] as const) {
    now += days * 86_400_000;
    const before = askedFor("$export-poll-status").length;
    const summary = await exportWard({ clock: () => now });
    expect([askedFor("$export-poll-status").length - before, askedFor("$export?").length]).toEqual([6, begun]);
    expect(failuresOf(summary)).toEqual(types.map((type) => `${type}: answered HTTP 503`));
  }
});

test("a server that refuses the list of types is asked to overlook what it does not know, then for whatever it has", async () => {
  await serveWard(proxy, ward, { at: midnight });
  proxy.disturb((path) => (path.startsWith("$export?") && path.includes("_type=") ? 400 : undefined));
  const summary = await exportWard();
  expect([summary.run.state, askedFor("$export?").map((path) => path.includes("_type="))]).toEqual(["complete", [true, true, false]]);
  // What was not asked for is not fetched, and not taken for whole.
  expect(askedFor("$export-file")).toHaveLength(3);
  expect(await creditsOfWard()).toEqual([[whole], [whole], [whole]]);
  await truncateAll(connection.db);
  proxy.forget();
  const lenient = await exportWard({ types: [...types, "CarePlan"] });
  expect([failuresOf(lenient), askedFor("$export?").length, await creditsOfWard()]).toEqual([
    [expect.stringContaining("CarePlan: brought none of it in its export")],
    2,
    [[whole], [whole], [whole]],
  ]);
});

test.each([404, 410])("where the answer to a question after an export is %i, it is begun anew, once a scan", async (status) => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 0 } });
  let forgets = 1;
  proxy.disturb((path) => (path.startsWith("$export-poll-status") && forgets-- > 0 ? status : undefined));
  expect([(await exportWard()).run.state, askedFor("$export?").length]).toEqual(["complete", 2]);
  await truncateAll(connection.db);
  proxy.forget();
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? status : undefined));
  const summary = await exportWard();
  expect([summary.run.state, askedFor("$export?").length, failuresOf(summary)]).toEqual([
    "incomplete",
    2,
    types.map((type) => `${type}: has forgotten the export that it began`),
  ]);
});
