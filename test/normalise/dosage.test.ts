import { describe, expect, test } from "vitest";
import { dosesDue } from "../../src/domain/dosage.ts";
import { factsOf } from "./normalise-example.ts";

/** When doses of an order written on 27 March 2026 at 09:00 in England are due, from then to an instant; summer time begins on the 29th. */
function due(instruction: object, to: string): string[] {
  const { dosages = [] } = factsOf("MedicationRequest", {
    status: "active",
    intent: "order",
    authoredOn: "2026-03-27T09:00:00Z",
    dosageInstruction: [instruction],
  });
  const from = Date.parse("2026-03-27T09:00:00Z");
  const until = Date.parse(to);
  return dosesDue([{ from, dosages }], from, until)
    .filter((at) => at <= until)
    .map((at) => new Date(at).toISOString().slice(8, 16));
}
const repeat = (rule: object) => ({ timing: { repeat: rule } });
const daily = { frequency: 1, period: 1, periodUnit: "d" };

describe("doses of an order are due", () => {
  test.each<[string, object, string, string[]]>([
    [
      "at the hours that it names, by the clock of the ward",
      repeat({ ...daily, timeOfDay: ["08:00:00"] }),
      "2026-03-30T09:00:00Z",
      ["28T08:00", "29T07:00", "30T07:00"],
    ],
    ["at the drug round's hour", repeat({ ...daily, when: ["MORN", "NIGHT"] }), "2026-03-28T09:00:00Z", ["27T22:00", "28T08:00"]],
    [
      "every eight hours from its beginning",
      repeat({ frequency: 1, period: 8, periodUnit: "h" }),
      "2026-03-28T09:00:00Z",
      ["27T09:00", "27T17:00", "28T01:00", "28T09:00"],
    ],
    [
      "twice in twelve hours, as an interval of six",
      repeat({ frequency: 2, period: 12, periodUnit: "h" }),
      "2026-03-27T15:00:00Z",
      ["27T09:00", "27T15:00"],
    ],
    ["every other day", repeat({ ...daily, period: 2, timeOfDay: ["12:00"] }), "2026-03-30T00:00:00Z", ["27T12:00", "29T11:00"]],
    [
      "on the days of the week",
      repeat({ ...daily, dayOfWeek: ["sat", "mon"], timeOfDay: ["12:00"] }),
      "2026-03-31T00:00:00Z",
      ["28T12:00", "30T11:00"],
    ],
    [
      "no more often than it says",
      repeat({ frequency: 1, period: 8, periodUnit: "h", count: 2 }),
      "2026-03-29T09:00:00Z",
      ["27T09:00", "27T17:00"],
    ],
    [
      "within its bounds, which count",
      repeat({ ...daily, timeOfDay: ["12:00"], boundsPeriod: { start: "2026-03-28", end: "2026-03-29" } }),
      "2026-04-02T00:00:00Z",
      ["28T12:00", "29T11:00"],
    ],
    [
      "for as long as it lasts",
      repeat({ frequency: 1, period: 8, periodUnit: "h", boundsDuration: { value: 1, code: "d" } }),
      "2026-04-02T00:00:00Z",
      ["27T09:00", "27T17:00", "28T01:00"],
    ],
    [
      "at the instants that it lists",
      { timing: { event: ["2026-03-27T10:00:00Z", "2026-03-27T14:00:00Z"] } },
      "2026-04-02T00:00:00Z",
      ["27T10:00", "27T14:00"],
    ],
    ["never as needed", { asNeededBoolean: true, ...repeat({ ...daily, timeOfDay: ["12:00"] }) }, "2026-04-02T00:00:00Z", []],
    ["at no time that nobody can tell: twice a day", repeat({ frequency: 2, period: 1, periodUnit: "d" }), "2026-04-02T00:00:00Z", []],
    ["at no time that nobody can tell: before a meal", repeat({ ...daily, when: ["ACM"] }), "2026-04-02T00:00:00Z", []],
    ["at no time where it cannot be read", repeat({ ...daily, timeOfDay: ["noon"] }), "2026-04-02T00:00:00Z", []],
  ])("%s", (_, instruction, to, expected) => {
    expect(due(instruction, to)).toEqual(expected);
  });

  test("the same from wherever one begins to look, and with the next one after it", () => {
    const dosages = [{ zone: "Europe/London", from: 0, times: ["08:00", "20:00"], everyDays: 3 }];
    const whole = dosesDue([{ from: 0, dosages }], 0, 40 * 86_400_000);
    for (const from of [3, 17, 29].map((day) => day * 86_400_000 + 1)) {
      expect(dosesDue([{ from: 0, dosages }], from, 40 * 86_400_000)).toEqual(whole.filter((at) => at >= from));
    }
    expect(whole.at(-1)).toBeGreaterThan(40 * 86_400_000);
  });
});
