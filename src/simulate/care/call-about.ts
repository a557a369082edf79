import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Result } from "../chart.ts";
import { MINUTE, SECOND, type Instant } from "../london-time.ts";

/** The laboratory or radiology telephones a critical result through; some before they release it. */
export function callAbout(chart: Chart, result: Result, issuedAt: Instant): void {
  const { dice } = chart;
  const delay = drawDelay(dice, assumed.criticalCalled.value);
  if (delay === undefined) return;
  const isBefore = delay < 2 * MINUTE;
  const at = isBefore ? issuedAt - dice.int(1, 55) * MINUTE : issuedAt + delay + dice.int(0, 59) * SECOND;
  const isRecorded = !dice.chance(assumed.callNotWrittenDown.value);
  chart.calls.push({ key: keyOf(chart, "Communication", chart.calls, "c"), at, by: result.author, result, isRecorded });
}
