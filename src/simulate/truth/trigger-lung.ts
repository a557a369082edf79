import type { Chart } from "../chart.ts";
import { DAY, HOUR, type Instant } from "../london-time.ts";
import { chestCt, chestXray, procedureCodes, referralCodes } from "../pathway-codes.ts";
import { diedBefore, earliest, type Expectation } from "./loop.ts";
import { had, whenInvestigated } from "./red-flag.ts";
import { calledOffAt, isVoid, resultEvents } from "./result-events.ts";

const ofChest: readonly string[] = [chestXray.code, chestCt.code];

/** Called suspicious by the report, or by an Observation beside it; known cancer, tuberculosis and hospice care excuse. */
export function triggerLung(chart: Chart, now: Instant): Expectation[] {
  const expect = (subject: string, opens: string, at: Instant): Expectation[] => {
    if (had(chart, "lungCancer", at) || had(chart, "tuberculosis", at) || had(chart, "hospice", at)) return [];
    return [
      {
        signal: "trigger-lung",
        subject,
        opens,
        openedAt: at,
        dueAt: at + 30 * DAY,
        metAt: earliest(whenFollowed(chart, at, now), at),
        diedAt: diedBefore(chart, now),
        because: "A picture of the chest was called suspicious, and was to be followed up",
      },
    ];
  };
  const bySaying = chart.results
    .filter(({ code }) => ofChest.includes(code.code))
    .flatMap((result) => {
      const events = resultEvents(result, now);
      return events.flatMap(({ activity, isSuspicious, at }, index) =>
        activity === "result.preliminary" || !isSuspicious
          ? []
          : expect(result.key, activity, at).map((each) => ({
              ...each,
              cancelledAt: calledOffAt(result, events, index, now),
              isVoid: isVoid(result, now),
            })),
      );
    });
  const found = chart.findings.filter(({ issuedAt }) => issuedAt < now);
  return [...bySaying, ...found.flatMap(({ id, at }) => expect(`Observation/${id}`, "observation.resulted", at))];
}

/** Another picture an hour later or more; a bronchoscopy or a biopsy, ordered or done; a referral to respiratory medicine. */
function whenFollowed(chart: Chart, openedAt: Instant, now: Instant): Instant[] {
  const pictures = chart.studies.filter(({ at, order }) => ofChest.includes(order.code.code) && at < now && at >= openedAt + HOUR);
  return [
    ...pictures.map(({ at }) => at),
    ...whenInvestigated(chart, "bronchoscopy", [procedureCodes.bronchoscopy.code, referralCodes.respiratory.code], now),
    ...whenInvestigated(chart, "lungBiopsy", [procedureCodes.lungBiopsy.code], now),
  ];
}
