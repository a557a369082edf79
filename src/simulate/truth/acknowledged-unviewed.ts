import type { Chart } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import type { Instant } from "../london-time.ts";
import type { Occurrence } from "./loop.ts";
import { isVoid, resultEvents } from "./result-events.ts";
import { acknowledgements } from "./result-unacknowledged.ts";

/** Where the EPR records no looks at all, that there is none says nothing. */
export function acknowledgedUnviewed(chart: Chart, now: Instant): Occurrence[] {
  if (dialectOf[chart.hospital.options.dialect].audit === "none") return [];
  return chart.results.flatMap((result) => {
    if (isVoid(result, now)) return [];
    const issues = resultEvents(result, now);
    return acknowledgements(result, now)
      .filter(({ at, by }) => {
        // Issued anew, it is to be looked at anew.
        const issuedAt = issues.findLast((issue) => issue.at <= at)?.at;
        if (issuedAt === undefined) return false;
        const own = chart.looks.filter((look) => look.by.key === by.key && !look.failed && look.at >= issuedAt && look.at <= at);
        return !own.some((look) => look.result === result || look.of === "search");
      })
      .map(({ at }) => ({
        signal: "acknowledged-unviewed",
        subject: result.key,
        opens: "result.acknowledged",
        openedAt: at,
        because: `${result.title} was acknowledged by somebody who had not been seen to open it`,
      }));
  });
}
