import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { durationInWords } from "../../src/domain/duration.ts";
import type { UserError } from "../../src/domain/user-error.ts";
import { settingProblems } from "../../src/signals/setting-problems.ts";
import { readSiteCatalogue, type SiteCatalogue } from "../../src/signals/site-catalogue.ts";
import { runExample } from "../../src/signals/run-example.ts";
import { runSeriesExample } from "../../src/signals/run-series-example.ts";
import { makeFolder } from "../fhir/make-folder.ts";

function siteOf(signals: string): SiteCatalogue {
  const yaml = `sites:\n  - name: a\n    signals:\n${signals.replace(/^/gm, "      ")}\n`;
  const file = join(makeFolder({ "followthrough.yaml": yaml }), "followthrough.yaml");
  return readSiteCatalogue(siteConfig(loadConfig({ file, env: {}, checkSignals: settingProblems }), "a"));
}

function problemsOf(signals: string): string[] {
  try {
    siteOf(signals);
  } catch (error) {
    return (error as UserError).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const loopFile = (site: SiteCatalogue, id: string) => site.loops.find(({ signal }) => signal.id === id)!;
const seriesFile = (site: SiteCatalogue, id: string) => site.series.find(({ signal }) => signal.id === id)!;
const failing = (site: SiteCatalogue, id: string): string[] => {
  const file = loopFile(site, id);
  return file.examples.filter((example) => !runExample(file, example).passed).map(({ name }) => name);
};

describe("what a site sets of a sequence", () => {
  test("is its window, and how often a step comes that repeats", () => {
    const site = siteOf("task-bounced: { within: P14D, times: 4 }");
    const { signal } = loopFile(site, "task-bounced");
    expect(signal.sequence?.steps.length).toBe(4);
    expect(durationInWords(signal.sequence?.withinMs ?? 0)).toBe("14 days");
    expect(signal.origin?.changes).toEqual(["its window", "how often its steps come, or within how long"]);
    // Three times within a week is nothing here any more.
    expect(failing(site, "task-bounced")).toContain("handed on on Monday, Wednesday and the next Monday, to the minute");
    expect(failing(siteOf("task-bounced: { tier: surveillance }"), "task-bounced")).toEqual([]);
  });

  test("is the window of each of its steps, where these have one", () => {
    const { signal } = loopFile(siteOf("wrong-patient-reorder: { within: PT15M }"), "wrong-patient-reorder");
    expect(signal.sequence?.steps.map(({ withinMs }) => withinMs)).toEqual([undefined, 900_000, 900_000]);
  });
});

describe("what a site sets of a series", () => {
  test("are its rules, what a period is judged against, how many it must hold and how long it waits", () => {
    const site = siteOf(`results-incomplete:
  rules: [{ rule: outside, side: high, basis: "laboratory board, May 2026" }]
  history: P84D
  needs: 30
  fewest: 200
  settles: PT48H`);
    const { signal } = seriesFile(site, "results-incomplete");
    const { rules, historyMs, needs, fewest, settlesMs } = signal.series;
    expect(rules).toEqual([{ rule: "outside", side: "high", basis: "laboratory board, May 2026" }]);
    expect([historyMs, needs, fewest, settlesMs]).toEqual([84 * 86_400_000, 30, 200, 48 * 3_600_000]);
    expect(signal.origin?.changes).toEqual([
      "its rules",
      "its history",
      "how much of its history it needs",
      "how many a period must hold",
      "how long it waits",
    ]);
  });

  test("changes what is an alarm", () => {
    const site = siteOf("feed-silence: { rules: [{ rule: below, share: 0.1, busy: 20, basis: ours }] }");
    const { signal, examples } = seriesFile(site, "feed-silence");
    expect(examples.filter((example) => !runSeriesExample({ signal }, example).passed).length).toBeGreaterThan(1);
    expect(seriesFile(siteOf("feed-silence: { enabled: false }"), "feed-silence").signal.origin).toBeUndefined();
  });
});

test("what cannot be set of a signal, or would never work, is told with its place and what to write", () => {
  const wrong = `task-bounced: { rules: [] }
task-overdue: { within: P1D }
feed-surge: { times: 3, rules: [{ rule: outside, basis: b }] }
acknowledged-unviewed: { within: PT1H, times: 2 }
feed-silence: { settles: PT1H, history: P7D }
potassium-shift: { needs: 2000 }
results-incomplete: { rules: [{ rule: silnet, basis: b }], history: P2M, needs: none }
wrong-patient-reorder: { times: 1, fewest: 3 }`;
  const has = (template: string, key: string, can: string) =>
    `This signal is a ${template}, and has no ${key}. What can be set of it: enabled, tier, ${can}. To change what else it looks for, copy its file into ownSignals, with replaces: true.`;
  expect(problemsOf(wrong)).toEqual([
    "line 4, column 30: Give at least one rule, or leave rules out.",
    `line 4, column 30: ${has("sequence", "rules", "within, times")}`,
    `line 5, column 31: ${has("loop", "within", "limits")}`,
    "line 6, column 19: silent, below and above are rules against hour-of-week; outside, shift, trend and outer-third against itself.",
    `line 6, column 28: ${has("series", "times", "rules, history, needs, fewest, settles")}`,
    "line 7, column 40: This sequence has no window. Copy its file into ownSignals, with replaces: true.",
    "line 7, column 53: No step of this sequence repeats. Copy its file into ownSignals, with replaces: true.",
    "line 8, column 21: Say how long a day or week is waited for (settles: PT24H); an hour of records is not.",
    "line 9, column 33: Its history of P56D holds no more than 49 numbers to judge by, and it needs 2000: nothing would ever be judged. Write a longer history, or a smaller needs.",
    "line 10, column 45: Write a rule: silent, below or above (by the hour of the week); outside, shift, trend or outer-third.",
    'line 10, column 75: "P2M" is no duration of fixed length. Write it like PT2H or P14D (1 day is 24 hours; months and years have no fixed length).',
    "line 10, column 87: Write a whole number.",
    "line 11, column 39: Once is what a step is without this line.",
    "line 11, column 39: No step of this sequence repeats. Copy its file into ownSignals, with replaces: true.",
    `line 11, column 50: ${has("sequence", "fewest", "within, times")}`,
  ]);
  expect(problemsOf("feed-silence: { history: P7D }")).toEqual([
    expect.stringMatching(/^line 4, column \d+: Its history of P7D holds no more than 1 numbers to judge by, and it needs 4/),
  ]);
});
