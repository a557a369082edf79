import type { Level, Reading, ReadingValue, ResultVersion } from "./chart.ts";
import type { Instant } from "./london-time.ts";

const order: readonly Level[] = ["critical", "abnormal", "not-said", "normal"];

/** A reading's value as it stands at an instant. */
function valueAt(reading: Reading, at: Instant): ReadingValue | undefined {
  return reading.values.findLast((value) => value.at <= at);
}

/** How urgent one version of a report looks to those who read it at an instant. */
export function newestLevel(version: ResultVersion, at: Instant): Level {
  if (version.conclusionFlag === "AA") return "critical";
  const levels = version.readings.map((reading) => valueAt(reading, at)?.level ?? "not-said");
  return order.find((level) => levels.includes(level)) ?? "not-said";
}
