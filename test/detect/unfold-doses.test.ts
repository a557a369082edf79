import { expect, test } from "vitest";
import type { CareEvent } from "../../src/domain/care-event.ts";
import { unfoldDoses } from "../../src/detect/unfold-doses.ts";

const at = (time: string): number => Date.parse(`2026-03-02T${time}:00Z`);
const hourly = { zone: "Europe/London", from: at("06:00"), everyMs: 3_600_000 };
const order: CareEvent = {
  id: "1",
  activity: "dose.due",
  at: at("06:00"),
  end: at("06:00"),
  precision: "instant",
  subject: "10",
  subjectRead: true,
  saying: "10",
  actorKind: "unidentified",
  byPerson: false,
  grade: 3,
  via: "order",
  schedule: [{ from: at("06:00"), dosages: [hourly] }],
};

test("doses of a part of an order know the doses beside them that lie outside it", () => {
  const { events, nextDose } = unfoldDoses([order], at("08:00"), at("09:30"));
  expect(events.map(({ at, previous, next }) => [at, previous, next])).toEqual([
    [at("08:00"), at("07:00"), at("09:00")],
    [at("09:00"), at("08:00"), at("10:00")],
  ]);
  expect(nextDose).toBe(at("10:00"));
});

test("a dose is the same from wherever it is looked at", () => {
  const [, second] = unfoldDoses([order], at("07:00"), at("09:30")).events;
  expect(unfoldDoses([order], at("08:00"), at("12:00")).events[0]).toEqual(second);
});
