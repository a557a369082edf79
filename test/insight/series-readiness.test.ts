import { expect, test } from "vitest";
import { judgeSeriesReadiness, judgeValueReadiness } from "../../src/insight/series-readiness.ts";
import { readSeriesCatalogue } from "../../src/signals/catalogue.ts";

const dayMs = 86_400_000;
const now = 100 * dayMs;
const silence = readSeriesCatalogue().find(({ signal }) => signal.id === "feed-silence")!.signal;
const lastDays = (days: number) => [{ from: now - days * dayMs, to: now }];

test("says how much history a series needs, and which feeds have less", () => {
  const judge = (feeds: Record<string, number>) =>
    judgeSeriesReadiness(silence, true, new Map(Object.entries(feeds).map(([name, days]) => [name, lastDays(days)])), now);
  expect(judge({ "Task from epr": 28 })).toMatchObject({ state: "runs", says: "1 of 1 feeds have the 28 days of history that it needs." });
  expect(judge({ "Task from epr": 60, "AuditEvent from epr": 9 })).toMatchObject({
    state: "waits",
    says: "1 of 2 feeds have the 28 days of history that it needs; AuditEvent from epr has 9.",
  });
  expect(judge({})).toMatchObject({ state: "cannot-run" });
});

test("history of more than eight weeks ago counts for nothing", () => {
  const old = new Map([["Task from epr", [{ from: 0, to: now - 56 * dayMs }]]]);
  expect(judgeSeriesReadiness(silence, true, old, now).state).toBe("waits");
});

test("a series of values runs where what carries them was read for long enough", () => {
  const potassium = readSeriesCatalogue().find(({ signal }) => signal.id === "potassium-shift")!.signal;
  const judge = (seen: ReturnType<typeof lastDays> | undefined) => judgeValueReadiness(potassium, false, seen, now);
  expect(judge(lastDays(27))).toMatchObject({ state: "runs", isOn: false, says: "Observation was read for 27 days; it needs 27." });
  expect(judge(lastDays(26))).toMatchObject({ state: "waits" });
  expect(judge([])).toMatchObject({ state: "waits", says: "Observation was read for 0 days; it needs 27." });
  expect(judge(undefined)).toMatchObject({ state: "cannot-run" });
});
