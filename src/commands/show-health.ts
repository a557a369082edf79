import { sayUnplaced } from "../insight/not-seen.ts";
import { diagnose, type SiteHealth } from "../insight/site-health.ts";
import type { Readiness, Shortcoming } from "../insight/signal-readiness.ts";
import { commandLine } from "./command-line.ts";
import { showInstant, showIntervals } from "../domain/show-times.ts";
import { showTable } from "./show-table.ts";

const findings = {
  fails: "FAILS: two sources give different contents for one id. Nothing said of these records can be relied on.",
  blind: "RUNS BLIND: not all that its signals need is seen. What is not listed may still have been missed.",
  well: "Runs: all that its signals need is seen.",
};

const states = { runs: "runs", blind: "RUNS BLIND", "cannot-run": "CANNOT RUN" };

/** What doctor says of one site, the worst first. Identifiers' values are left out. */
export function showHealth(health: SiteHealth): string {
  const { site, now, feeds, clashes, crowded } = health;
  const paragraphs = [
    [`Site ${site}, as at ${showInstant(now)}`, findings[diagnose(health)]],
    clashes.map(
      ({ one, other, type, records, some }) =>
        `${records} ${type} differ between the sources ${one} and ${other}, such as ${some.join(", ")}.\n  Scan them into two sites (--site) if they are different records, or say mirrors: ${one} in followthrough.yaml if they are the same.`,
    ),
    [showLastRuns(health)],
    ["Feeds, and what is known to have been read of them:", showFeeds(feeds)],
    showPopulated(health),
    crowded.map(
      ({ type, system, bearers, some }) =>
        `One identifier of ${system} is borne by ${bearers} ${type} records (${some.join(", ")} …): more than five, so it joins none of them. Correct it at its source.`,
    ),
    ["Signals:", ...health.signals.map(showReadiness)],
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

function showFeeds(feeds: SiteHealth["feeds"]): string {
  const head = ["source", "type", "known by", "from", "until", "silent hours", "unreadable hours", "not covered while watched"];
  const rows = feeds.map(({ source, type, how, covered, gaps, silentHours, unreadableHours }) => {
    const [first, last] = [covered[0], covered.at(-1)];
    const span = first && last ? [showInstant(first.from), showInstant(last.to)] : ["-", "-"];
    return [
      source,
      type,
      how.join(", ") || "nothing covered yet",
      ...span,
      silentHours,
      unreadableHours,
      gaps.length === 0 ? "-" : showIntervals(gaps),
    ];
  });
  return showTable(head, rows);
}

function showPopulated({ populated, unplaced, quarantined, site }: SiteHealth): string[] {
  const lines = populated.map(({ source, type, records, shares }) => {
    const said = Object.entries(shares).map(([what, number]) => `${what} ${records === 0 ? 0 : Math.round((100 * number) / records)} %`);
    return `  ${type} (${source}), ${records}: ${said.join(", ")}`;
  });
  return [
    ...(lines.length > 0 ? ["How much of it is filled in:", ...lines] : []),
    ...sayUnplaced(unplaced).map((line) => `  ${line} Export the records that they name.`),
    ...(quarantined > 0
      ? [`  ${quarantined} in quarantine: the loops that they bear on are unknown. See them: ${commandLine} quarantine list --site ${site}`]
      : []),
  ];
}

function showReadiness({ id, isOn, state, because, besides }: Readiness): string {
  const line = (mark: string, { says, mend, gaps }: Shortcoming): string =>
    `    ${mark} ${says}${gaps.length > 0 ? ` (${showIntervals(gaps)}).` : ""} ${mend}`;
  return [
    `  ${id} (${isOn ? "on" : "off"}): ${states[state]}`,
    ...because.map((each) => line("!", each)),
    ...besides.map((each) => line("-", each)),
  ].join("\n");
}
