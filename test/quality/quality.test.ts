import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratchDatabase } from "../db/scratch-database.ts";
import { judgeQuality } from "./judge-quality.ts";
import { runQuality, type Quality } from "./run-quality.ts";
import { usualPlan } from "./samples.ts";
import { comparedSeries, comparedSignals } from "./scan-sample.ts";
import { showDifferences } from "./show-quality.ts";

/** Small enough for every commit; `npm run quality` does it over twenty larger hospitals of each kind. */
const plan = { ...usualPlan, days: 34, beds: 2, auditEvents: 10 };
const practices = { seeds: [3], days: 42, beds: 11 };
const clean = { ...plan, seeds: [1, 2, 3, 4], practices, mess: ["none"] } as const;
const messy = { ...plan, seeds: [4, 5], practices: { ...practices, seeds: [] }, mess: ["declared", "undeclared"] } as const;

describe("a scan of simulated hospitals", () => {
  let quality: Quality;
  beforeAll(async () => {
    const connection = await scratchDatabase();
    afterAll(() => connection.close());
    const [one, other] = [await runQuality(connection, clean, () => undefined), await runQuality(connection, messy, () => undefined)];
    quality = {
      hospitals: one.hospitals + other.hospitals,
      measures: { ...one.measures, ...other.measures },
      differences: [...one.differences, ...other.differences],
    };
  }, 300_000);

  test("without mess is right about every loop, to the millisecond; with declared mess it is right or says that it cannot tell", () => {
    expect([...judgeQuality(quality, undefined), ...showDifferences(quality)]).toEqual([]);
  });

  test("tries every signal that both know, and verdicts of every kind", () => {
    expect(quality.measures.none?.map(({ signal }) => signal)).toEqual([...comparedSignals, ...comparedSeries].map(({ id }) => id).sort());
    const clean = quality.measures.none ?? [];
    expect(clean.filter(({ recall }) => recall !== null && recall !== 1)).toEqual([]);
    // In a month nothing of what has months falls due, and critical results are seldom missed.
    const due = clean.filter(({ recall }) => recall === 1).map(({ signal }) => signal);
    expect(due).toEqual(
      expect.arrayContaining([
        "acknowledged-unviewed",
        "document-unsent",
        "dose-missed",
        "feed-silence",
        "feed-surge",
        "follow-up-unbooked",
        "observation-late",
        "order-unresulted",
        "potassium-shift",
        "referral-bounced",
        "referral-open",
        "result-no-action",
        "result-pending-at-discharge",
        "result-unacknowledged",
        "task-bounced",
        "task-overdue",
        "task-unaccepted",
        "wrong-patient-reorder",
      ]),
    );
    const unknown = quality.measures.declared?.reduce((sum, { standings }) => sum + standings.unknown, 0);
    expect(unknown).toBeGreaterThan(20);
  });

  test("with undeclared mess is seldom wrong, but where what is lost is what a signal looks for", () => {
    const measures = quality.measures.undeclared ?? [];
    expect(measures.length).toBeGreaterThan(5);
    for (const { signal, loops, wrongPerThousand } of measures) {
      // It tells of looks that nobody recorded: where their records are lost unnoticed, it tells of those.
      const most = signal === "acknowledged-unviewed" ? 600 : 100;
      // Of a few loops a few say nothing of a rate.
      expect({ signal, seldom: wrongPerThousand < most || wrongPerThousand * loops <= 4_000 }).toEqual({ signal, seldom: true });
    }
  });
});
