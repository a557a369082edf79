import { durationInWords } from "../domain/duration.ts";
import type { SeriesRule, SeriesSignal, SeriesTemplate } from "../domain/series.ts";
import { runLength } from "../domain/spc.ts";
import { activityPhrases } from "../domain/activity-phrases.ts";
import { sayOrigin, type SignalSection } from "./describe-signal.ts";
import { hazards } from "./hazards.ts";
import { seriesFeeds } from "./series-feeds.ts";

/** The definition in words; no line rests on knowing the file. */
export function describeSeries(signal: SeriesSignal): string {
  const head = `${signal.title}\n${signal.id}, version ${String(signal.version)}, tier ${signal.tier}, severity ${signal.severity}\n\n${signal.means}`;
  const origin = sayOrigin(signal);
  const site = origin === undefined ? [] : [{ title: "At this site", lines: [origin] }];
  return [head, ...[...site, ...saySeries(signal)].map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join("\n"))].join(
    "\n\n",
  );
}

/** What is measured, what it is judged against, and what a person should know of it. */
export function saySeries(signal: SeriesSignal): SignalSection[] {
  const { series } = signal;
  const feeds = seriesFeeds(series);
  const sections = [
    { title: "Measures", lines: [`${sayNumber(series)}, for each ${series.per}`] },
    { title: "Against", lines: sayHistory(series) },
    { title: "An alarm is", lines: series.rules.map((rule) => `${sayRule(rule)} (${rule.basis})`) },
    { title: "Needs these feeds", lines: feeds },
    { title: "Often harmless", lines: signal.oftenHarmless },
    { title: "Next steps", lines: signal.nextSteps },
    { title: "Rests on", lines: signal.references.map(({ title, reviewBy }) => `${title} (to be reviewed by ${reviewBy})`) },
    { title: "Controls these hazards", lines: signal.hazards.map((id) => `${id} ${hazards[id] ?? ""}`.trim()) },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** What the number of a period is, as the axis of a chart says it. */
function sayNumber({ number }: SeriesTemplate): string {
  if (number.what === "records") return "records of a feed";
  const codes = number.code ? ` (${number.code.map(({ title }) => title).join(" or ")})` : "";
  const when = `${number.activity.map((activity) => activityPhrases[activity]).join(", or ")}${codes}`;
  if (number.what === "share-without-value") return `per cent without a value, of all results${codes} that should carry one`;
  if (number.what === "mean-value")
    return `mean in ${number.unit}, of the times that ${when}; other units are converted, or left out and counted`;
  return `repeats within ${durationInWords(number.withinMs)} per 100 patients, of the times that ${when}`;
}

/** `per cent`, as a chart and a table head it. */
export function unitOf({ number }: SeriesTemplate): string {
  if (number.what === "records") return "Records an hour";
  if (number.what === "share-without-value") return "Per cent without a value";
  return number.what === "mean-value" ? `Mean, ${number.unit}` : "Repeats per 100 patients";
}

function sayHistory({ against, historyMs, needs, fewest, per, settlesMs = 0, rare }: SeriesTemplate): string[] {
  const history = durationInWords(historyMs);
  if (against === "hour-of-week")
    return [
      `the same hour of the week in the ${history} before, by the clock on the wall; at least ${String(needs)} of them must have been read`,
    ];
  return [
    `the ${per}s of the ${history} before, less the last ${String(runLength)}; at least ${String(needs)} of them must be known`,
    ...(fewest === undefined ? [] : [`a ${per} with fewer than ${String(fewest)} has no number`]),
    `a ${per} that was not read whole is no point, nor is one that ended less than ${durationInWords(settlesMs)} ago`,
    ...(rare
      ? [
          `where over half of these ${per}s hold none, the days between one and the next are judged in their place (closer together is more), against those of the ${durationInWords(rare.historyMs)} before; at least ${String(rare.needs)} beside the last ${String(runLength)} must be known; more than ${String(runLength)} on one ${per} are judged by its number`,
        ]
      : []),
  ];
}

/** A rule in words, as it ends "an alarm is …". */
function sayRule(rule: SeriesRule): string {
  switch (rule.rule) {
    case "silent":
      return `nothing at all, where the same hour of each of the ${String(rule.weeks)} weeks before held at least ${String(rule.busy)}`;
    case "below":
      return `less than chance allows, and less than ${String(Math.round(100 * rule.share))} % of what is usual, where that is at least ${String(rule.busy)}`;
    case "above":
      return `more than chance allows, more than ${String(rule.times)} times what is usual, and more than ${String(rule.busy)}`;
    case "outside":
      return `a number outside the limits of chance${saySide(rule.side, ", above", ", below")}`;
    case "shift":
      return `${String(runLength)} in a row on one side of the average${saySide(rule.side, ", above it", ", below it")}`;
    case "trend":
      return `${String(runLength)} in a row each ${saySide(rule.side, "higher", "lower") || "higher, or each lower,"} than the one before`;
    case "outer-third":
      return `2 of 3 in the outer third of the limits${saySide(rule.side, ", above", ", below")}`;
  }
}

function saySide(side: "high" | "low" | undefined, high: string, low: string): string {
  if (side === undefined) return "";
  return side === "high" ? high : low;
}
