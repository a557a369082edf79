import { count } from "../domain/count.ts";
import { sayEndedHolidays } from "../insight/ended-holidays.ts";
import { sayUnplaced } from "../insight/not-seen.ts";
import { diagnose, type SiteHealth } from "../insight/site-health.ts";
import type { Readiness, Shortcoming } from "../insight/signal-readiness.ts";
import { commandLine } from "./command-line.ts";
import { showInstant, showIntervals } from "../domain/show-times.ts";
import { wrapText } from "./wrap-text.ts";

const findings = {
  fails: "FAILS: two sources give different contents for one id. Nothing said of these records can be relied on.",
  blind: "RUNS BLIND: not all that its signals need is seen. What is not listed may still have been missed.",
  well: "Runs: all that its signals need is seen.",
};

const states = { runs: "runs", blind: "RUNS BLIND", "cannot-run": "CANNOT RUN" };

const seriesStates = { runs: "runs", waits: "runs where it can", "cannot-run": "CANNOT RUN" };

/** What doctor says of what is held of one site, at 80 columns, the worst first. Identifiers' values are left out. */
export function showHealth(health: SiteHealth): string {
  const { site, now, feeds, clashes, crowded } = health;
  const paragraphs = [
    [`Site ${site}, as at ${showInstant(now)}`, wrapText(findings[diagnose(health)], 2)],
    clashes.map(({ one, other, type, records, some }) =>
      [
        wrapText(`${records} ${type} differ between the sources ${one} and ${other}, such as ${some.join(", ")}.`, 2),
        wrapText(
          `  Scan them into two sites (--site) if they are different records, or say mirrors: ${one} in followthrough.yaml if they are the same.`,
          2,
        ),
      ].join("\n"),
    ),
    health.endedHolidays ? [wrapText(sayEndedHolidays(health.endedHolidays), 2)] : [],
    ["Signals:", ...health.signals.map(showReadiness)],
    [
      "Series, of the feeds themselves:",
      ...health.series.map(({ id, isOn, state, says }) => wrapText(`${id} (${isOn ? "on" : "off"}): ${seriesStates[state]}. ${says}`, 2)),
    ],
    [wrapText(showLastRuns(health), 2)],
    showPopulated(health),
    crowded.map(({ type, system, bearers, some }) =>
      wrapText(
        `One identifier of ${system} is borne by ${bearers} ${type} records (${some.join(", ")} …): more than five, so it joins none of them. Correct it at its source.`,
        2,
      ),
    ),
    ["Feeds, and what is known to have been read of them:", ...feeds.map(showFeed)],
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function showLastRuns({ lastGood, last }: SiteHealth): string {
  if (lastGood) return `Last good run: ${lastGood.kind}, ${showInstant(lastGood.startedAt)}.`;
  return last
    ? `No run has seen everything yet; the last one (${last.kind}, ${showInstant(last.startedAt)}) is ${last.state}.`
    : "There was no run yet.";
}

function showFeed({ source, type, how, covered, gaps, silentHours, unreadableHours }: SiteHealth["feeds"][number]): string {
  const [first, last] = [covered[0], covered.at(-1)];
  const said = [
    first && last ? `from ${showInstant(first.from)} until ${showInstant(last.to)}, ${how.join(", ")}` : "nothing covered yet",
    ...(gaps.length > 0 ? [`NOT covered while watched: ${showIntervals(gaps)}`] : []),
    ...(silentHours > 0 ? [count(silentHours, "silent hour")] : []),
    ...(unreadableHours > 0 ? [count(unreadableHours, "unreadable hour")] : []),
  ];
  return wrapText(`  ${type} (${source}): ${said.join("; ")}`, 4);
}

function showPopulated({ populated, unplaced, quarantined, site }: SiteHealth): string[] {
  const lines = populated.map(({ source, type, records, shares }) => {
    const said = Object.entries(shares).map(([what, number]) => `${what} ${records === 0 ? 0 : Math.round((100 * number) / records)} %`);
    return wrapText(`  ${type} (${source}), ${records}: ${said.join(", ")}`, 4);
  });
  return [
    ...(lines.length > 0 ? ["How much of it is filled in:", ...lines] : []),
    ...sayUnplaced(unplaced).map((line) => wrapText(`  ${line} Export the records that they name.`, 4)),
    ...(quarantined > 0
      ? [
          `  ${quarantined} in quarantine: the loops that they bear on are unknown. See them:`,
          `    ${commandLine} quarantine list --site ${site}`,
        ]
      : []),
  ];
}

function showReadiness({ id, isOn, state, because, besides }: Readiness): string {
  const line = (mark: string, { says, mend, gaps }: Shortcoming): string =>
    wrapText(`    ${mark} ${says}${gaps.length > 0 ? ` (${showIntervals(gaps)}).` : ""} ${mend}`, 6);
  return [
    `  ${id} (${isOn ? "on" : "off"}): ${states[state]}`,
    ...because.map((each) => line("!", each)),
    ...besides.map((each) => line("-", each)),
  ].join("\n");
}
