import { expect, test } from "vitest";
import { listFeedHealth } from "../../src/insight/feed-health.ts";
import { diagnose } from "../../src/insight/site-health.ts";

const hour = 3_600_000;

test("gaps are what is not covered of the watched time, and only of types that a signal uses", () => {
  const feeds = ["Task", "Patient", "AuditEvent"].map((type) => ({ source: "folder", type }));
  const coverage = [
    { source: "folder", type: "Task", from: 0, to: 2 * hour, how: "declared" as const },
    { source: "folder", type: "Task", from: 3 * hour, to: 4 * hour, how: "assumed" as const },
    { source: "other", type: "AuditEvent", from: 0, to: 9 * hour, how: "declared" as const },
  ];
  const odd = new Map([["Task", { silent: [{ from: 0, to: 2 * hour }], unreadable: [{ from: 3 * hour, to: 4 * hour }] }]]);
  const watched = { from: hour, to: 5 * hour, types: new Set(["Task", "AuditEvent"]) };
  expect(listFeedHealth(feeds, coverage, [], odd, watched)).toEqual([
    {
      source: "folder",
      type: "Task",
      how: ["assumed", "declared"],
      covered: [
        { from: 0, to: 2 * hour },
        { from: 3 * hour, to: 4 * hour },
      ],
      gaps: [
        { from: 2 * hour, to: 3 * hour },
        { from: 4 * hour, to: 5 * hour },
      ],
      silentHours: 2,
      unreadableHours: 1,
    },
    { source: "folder", type: "Patient", how: [], covered: [], gaps: [], silentHours: 0, unreadableHours: 0 },
    {
      source: "folder",
      type: "AuditEvent",
      how: [],
      covered: [],
      gaps: [{ from: hour, to: 5 * hour }],
      silentHours: 0,
      unreadableHours: 0,
    },
  ]);
});

test("an outage that somebody entered was not read, of the feed that it is of", () => {
  const feeds = ["Task", "AuditEvent"].map((type) => ({ source: "folder", type }));
  const coverage = feeds.map((feed) => ({ ...feed, from: 0, to: 4 * hour, how: "declared" as const }));
  const outage = { id: "o", says: "outage" as const, source: "folder", from: hour, to: 2 * hour, reason: "upgrade", actor: "demo", at: 0 };
  const watched = { from: 0, to: 4 * hour, types: new Set(["Task", "AuditEvent"]) };
  const gapsWith = (statements: Parameters<typeof listFeedHealth>[2]) =>
    listFeedHealth(feeds, coverage, statements, new Map(), watched).map(({ gaps }) => gaps);
  const gap = { from: hour, to: 2 * hour };
  expect(gapsWith([outage])).toEqual([[gap], [gap]]);
  expect(gapsWith([{ ...outage, type: "Task" }])).toEqual([[gap], []]);
  expect(gapsWith([{ ...outage, says: "silence-accepted" }])).toEqual([[], []]);
});

test("mixed-up sources fail before anything else; a blind signal counts where it is on; quarantine always does", () => {
  const signal = { id: "s", version: 1, because: [], besides: [] };
  const clash = { one: "a", other: "b", type: "Patient", records: 1, some: ["Patient/1"] };
  const blind = { ...signal, isOn: true, state: "blind" as const };
  expect(diagnose({ clashes: [clash], quarantined: 0, signals: [blind] })).toBe("fails");
  expect(diagnose({ clashes: [], quarantined: 0, signals: [blind] })).toBe("blind");
  expect(diagnose({ clashes: [], quarantined: 0, signals: [{ ...signal, isOn: true, state: "cannot-run" }] })).toBe("blind");
  expect(diagnose({ clashes: [], quarantined: 0, signals: [{ ...blind, isOn: false }] })).toBe("well");
  expect(diagnose({ clashes: [], quarantined: 1, signals: [] })).toBe("blind");
});
