import { readFileSync, writeFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { defaultCalendar } from "../../src/domain/calendar/default-calendar.ts";
import type { LoopSignal, Signal } from "../../src/domain/signal.ts";
import type { UserError } from "../../src/domain/user-error.ts";
import { readCatalogue, readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { logicHash } from "../../src/signals/logic-hash.ts";
import { settingProblems } from "../../src/signals/setting-problems.ts";
import { lastSiteCatalogue, readSiteCatalogue } from "../../src/signals/site-catalogue.ts";
import type { SiteSignals } from "../../src/signals/site-settings.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { signalText, type Change } from "./signal-text.ts";

/** A site as the files beside `followthrough.yaml` make it: what the file says of signals stands at its one site. */
function siteOf(signals: string, files: Readonly<Record<string, string>> = {}): SiteSignals {
  const folder = makeFolder({ "followthrough.yaml": `sites:\n  - name: a\n${signals.replace(/^/gm, "    ")}\n`, ...files });
  return siteConfig(loadConfig({ file: join(folder, "followthrough.yaml"), env: {}, checkSignals: settingProblems }), "a");
}

function signalAt(site: SiteSignals, id: string): Signal {
  const file = readSiteCatalogue(site).loops.find(({ signal }) => signal.id === id);
  if (!file) throw new Error(`there is no ${id}`);
  return file.signal;
}

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return (error as UserError).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace(/\S*\/followthrough-\w+\//g, ""));
  }
  throw new Error("nothing was wrong");
}

const catalogued = (id: string): Signal => readCatalogue().find(({ signal }) => signal.id === id)!.signal;
const limitsOf = (signal: Signal): string[] => (signal as LoopSignal).loop.limits.map(({ duration, basis }) => `${duration} ${basis}`);
const own = (...changes: readonly Change[]): Record<string, string> => ({ "signals/small.yaml": signalText(...changes) });

test("a site that says nothing of signals has the catalogue as it is", () => {
  const { loops, series } = readSiteCatalogue(siteOf(""));
  expect([loops, series]).toEqual([readCatalogue(), readSeriesCatalogue()]);
});

describe("limits of a site", () => {
  test("stand before the signal's own, or in their place; the logic of its file stays what it was", () => {
    const first = "signals: { task-overdue: { limits: { first: [{ where: { priority: stat }, within: PT1H, basis: policy }] } } }";
    const signal = signalAt(siteOf(first), "task-overdue");
    expect(limitsOf(signal)).toEqual(["PT1H policy", ...limitsOf(catalogued("task-overdue"))]);
    expect(signal.origin).toEqual({ baseHash: logicHash(catalogued("task-overdue")), isOwn: false, changes: ["its limits"] });
    expect(logicHash(signal)).not.toBe(logicHash(catalogued("task-overdue")));
    const table = "signals: { task-overdue: { limits: [{ within: P1D, basis: policy }] } }";
    expect(limitsOf(signalAt(siteOf(table), "task-overdue"))).toEqual(["P1D policy"]);
    expect(signalAt(siteOf(table), "result-unacknowledged")).toBe(catalogued("result-unacknowledged"));
  });

  test("are counted by the site's calendar, in its time zone", () => {
    const text = `timeZone: Europe/Dublin
calendar: { days: [monday, saturday], hours: { from: 08:00, to: 20:00 }, holidays: { add: [2026-12-24], remove: [2026-12-28] } }
signals: { task-overdue: { limits: [{ within: 3 working hours, basis: policy }] } }`;
    const [limit] = (signalAt(siteOf(text), "task-overdue") as LoopSignal).loop.limits;
    expect(limit?.working?.calendar).toMatchObject({ timeZone: "Europe/Dublin", days: [1, 6], from: "08:00", to: "20:00" });
    expect(new Set(limit?.working?.calendar.holidays).symmetricDifference(new Set(defaultCalendar.holidays))).toEqual(
      new Set(["2026-12-24", "2026-12-28"]),
    );
  });
});

test("a tier of a site is that of the signal there, of a series too", () => {
  const site = siteOf("signals: { task-overdue: { tier: surveillance }, feed-surge: { tier: experimental } }");
  expect(signalAt(site, "task-overdue")).toEqual({
    ...catalogued("task-overdue"),
    tier: "surveillance",
    origin: { baseHash: logicHash(catalogued("task-overdue")), isOwn: false, changes: ["its tier (worklist in its file)"] },
  });
  const surge = readSiteCatalogue(site).series.find(({ signal }) => signal.id === "feed-surge");
  expect([surge?.signal.tier, surge?.signal.origin?.changes]).toEqual(["experimental", ["its tier (surveillance in its file)"]]);
});

test("what is said for every site holds at each, and a site's own goes over it, key by key", () => {
  const folder = makeFolder({
    "followthrough.yaml": `allSites:
  signals: { task-overdue: { enabled: false, tier: surveillance } }
  calendar: { hours: { from: 07:00, to: 19:00 } }
sites:
  - name: a
    signals: { task-overdue: { enabled: true } }
    calendar: { days: [monday] }
`,
  });
  const config = loadConfig({ file: join(folder, "followthrough.yaml"), env: {}, checkSignals: settingProblems });
  expect(siteConfig(config, "a")).toMatchObject({
    signals: { "task-overdue": { enabled: true, tier: "surveillance" } },
    calendar: { days: ["monday"], hours: { from: "07:00", to: "19:00" } },
  });
  expect(siteConfig(config, "another").signals).toEqual({ "task-overdue": { enabled: false, tier: "surveillance" } });
});

describe("value sets of a site", () => {
  const file = (text: string): Record<string, string> => ({ "sets/one.yaml": `source: our codes\nreview-by: 2027-04-01\n${text}\n` });
  const codesOf = (site: SiteSignals): string[] => {
    const { loop } = signalAt(site, "trigger-fit") as LoopSignal;
    return loop.closes.flatMap(({ where }) => where?.code?.flatMap(({ codings }) => codings.map(({ code }) => code)) ?? []);
  };

  test("add to a list of the program, take from it, or replace it", () => {
    const before = codesOf(siteOf(""));
    expect(before).toContain("446521004");
    const changed = codesOf(
      siteOf("valueSets: ./sets", file('id: colonoscopy\nadd: ["https://epr.example/ops|C1"]\nremove: [snomed|446521004]')),
    );
    expect(new Set(changed).symmetricDifference(new Set(before))).toEqual(new Set(["C1", "446521004"]));
    const replaced = siteOf("valueSets: ./sets", file("id: colonoscopy\ntitle: a scope\ncodes: [snomed|1]"));
    expect(codesOf(replaced)).toContain("1");
    expect(codesOf(replaced)).not.toContain("73761001");
    expect(signalAt(replaced, "trigger-fit").origin?.changes).toEqual(["the codes of colonoscopy"]);
    expect(signalAt(replaced, "task-overdue").origin).toBeUndefined();
  });

  test.each([
    ["id: colonoscopi\nadd: [snomed|1]", 'sets/one.yaml:3:5 There is no value set "colonoscopi" to change. Did you mean "colonoscopy"?'],
    ["id: colonoscopy\nremove: [snomed|1]", 'sets/one.yaml:4:10 "snomed|1" is not in "colonoscopy", so it cannot be removed.'],
    ["id: mine\ncodes: [snomed|1]", 'sets/one.yaml:3:5 "title" is missing here. Write what the codes have in common.'],
    [
      "id: colonoscopy\ncodes: [snomed|1]\nadd: [snomed|2]",
      "sets/one.yaml:1:1 Write codes for the whole list; or add, remove or both for what differs from the list that is there.",
    ],
    ["id: colonoscopy\nadd: [icd10|1]", expect.stringContaining('sets/one.yaml:4:7 "icd10|1" is no code. Write its terminology')],
  ])("that cannot be are told with their place: %s", (text, said) => {
    expect(problemsOf(() => readSiteCatalogue(siteOf("valueSets: ./sets", file(text))))).toEqual([said]);
  });
});

describe("a site's own signals", () => {
  test("stand beside the catalogue, and are marked as its own", () => {
    expect(signalAt(siteOf("ownSignals: ./signals", own()), "small-signal").origin).toMatchObject({ isOwn: true, changes: [] });
  });

  test("keep the logic of their file where a list of codes or the calendar changes, and have another edition", () => {
    const text = own(
      ["{ activity: task.requested }", "{ activity: task.requested, where: { code: ours } }"],
      ["within: P2D", "within: 2 working days"],
      ["now: 2026-03-04", "now: 2026-03-05"],
      ["subject: Task/t }", 'subject: Task/t, code: "urn:ours|1" }'],
    );
    const at = (codes: string, more = ""): Signal =>
      signalAt(
        siteOf(`ownSignals: ./signals\nvalueSets: ./sets${more}`, {
          ...text,
          "sets/ours.yaml": `{ id: ours, title: ours, source: us, review-by: 2027-04-01, codes: [${codes}] }`,
        }),
        "small-signal",
      );
    const signals = [
      at('"urn:ours|1"'),
      at('"urn:ours|1", "urn:ours|2"'),
      at('"urn:ours|1"', "\ncalendar: { hours: { from: 08:00, to: 16:00 } }"),
    ];
    expect(new Set(signals.map(({ origin }) => origin?.baseHash)).size).toBe(1);
    expect(new Set(signals.map(logicHash)).size).toBe(3);
  });

  test("take the place of the catalogue's only where they say so", () => {
    const named: Change = ["id: small-signal", "id: task-overdue"];
    const replacing: Change = ["version: 1", "replaces: true\nversion: 1"];
    expect(signalAt(siteOf("ownSignals: ./signals", own(named, replacing)), "task-overdue").title).toBe("A small signal");
    expect(problemsOf(() => readSiteCatalogue(siteOf("ownSignals: ./signals", own(named))))).toEqual([
      'signals/small.yaml:1:5 There is a signal "task-overdue" already. Give this one an id of its own; or, if it is to take the other\'s place, write replaces: true.',
    ]);
    expect(problemsOf(() => readSiteCatalogue(siteOf("ownSignals: ./signals", own(replacing))))).toEqual([
      'signals/small.yaml:2:11 There is no signal "small-signal" that it could replace. Leave the line out, or correct the id.',
    ]);
    expect(
      problemsOf(() => readSiteCatalogue(siteOf("ownSignals: ./signals", own(["id: small-signal", "id: task-bounced"], replacing)))),
    ).toEqual([
      'signals/small.yaml:2:11 The signal "task-bounced" is a sequence, and a loop cannot take its place. Give this one an id of its own, and turn the other off.',
    ]);
  });

  test("are held to the catalogue's rules, each fault with file, line and column", () => {
    const faulty = own(["P2D, basis: local default", "P2D, basis: hearsay"], ["verdict: missed", "verdict: met"]);
    expect(problemsOf(() => readSiteCatalogue(siteOf("ownSignals: ./signals", faulty)))).toEqual([
      'signals/small.yaml:20:29 "hearsay" is none of its references. Write how one of their titles begins, or: local default.',
      expect.stringMatching(
        /^signals\/small\.yaml:22:5 The example "not done for two days" does not come out as it says: expected: met detected: Task\/t, .*: missed\.$/,
      ),
    ]);
    expect(problemsOf(() => readSiteCatalogue(siteOf("ownSignals: ./signals", own(["severity: low", "severity: hihg"]))))).toEqual([
      'signals/small.yaml:4:11 "hihg" is no severity. Did you mean "high"?',
    ]);
    expect(problemsOf(() => readSiteCatalogue(siteOf("ownSignals: ./no-such-folder")))).toEqual([
      "no-such-folder is no folder that can be read: correct it in followthrough.yaml (a path relative to that file).",
    ]);
  });

  test("of tier worklist show every verdict and the boundary, whoever puts them there", () => {
    const wanted = [
      "signals/small.yaml:22:3 A signal of tier worklist has at least 8 examples; this one has 1.",
      "signals/small.yaml:22:3 A signal of tier worklist has an example of each verdict; there is none of: cancelled, late, met, pending, unknown.",
      "signals/small.yaml:22:3 A signal of tier worklist has an example of each reason for which nobody can say; there is none of: gap, never-seen, time-not-recorded.",
      "signals/small.yaml:22:3 A signal of tier worklist shows the boundary: an example that is pending a minute before it is due.",
    ];
    const byFile = siteOf("ownSignals: ./signals", own(["tier: experimental", "tier: worklist"]));
    const bySite = siteOf("ownSignals: ./signals\nsignals: { small-signal: { tier: worklist } }", own());
    expect(problemsOf(() => readSiteCatalogue(byFile))).toEqual(wanted);
    expect(problemsOf(() => readSiteCatalogue(bySite))).toEqual(wanted);
  });

  test("are read anew when a file changes; where it is broken, pages show what it said before", () => {
    const site = siteOf("ownSignals: ./signals", own());
    const file = join(site.ownSignals![0]!, "small.yaml");
    const titleNow = () => lastSiteCatalogue(site).loops.find(({ signal }) => signal.id === "small-signal")?.signal.title;
    expect(titleNow()).toBe("A small signal");
    writeFileSync(file, readFileSync(file, "utf8").replace("A small signal", "A changed one"));
    utimesSync(file, 1, 1);
    expect(titleNow()).toBe("A changed one");
    writeFileSync(file, "id: [");
    expect(titleNow()).toBe("A changed one");
    expect(() => readSiteCatalogue(site)).toThrow("signals/small.yaml:1:");
  });
});

test("every mistake of what a site says of signals is told with its place in the configuration, and what to write", () => {
  const text = `signals:
  task-overdo: { enabled: true }
  task-overdue: { tier: worklst, limits: [{ where: { priority: stat }, within: P1D, basis: b }] }
  task-bounced: { limits: [{ within: P1D, basis: b }] }
  feed-surge: { limits: { first: [{ within: P1D, basis: b }] } }
  trigger-fit: { limits: { first: [{ within: P1D, basis: b }, { where: { code: colonoscopi }, within: P1D, basis: b }] } }
  order-unresulted: { limits: [{ within: 1D, basis: b }] }
  small-signal: { enabled: true }
calendar: { days: [mon], hours: { from: 18:00, to: 8:00 } }
ownSignals: ./signals`;
  expect(problemsOf(() => siteOf(text, own()))).toEqual([
    'line 4, column 7: "task-overdo" is no signal. Did you mean "task-overdue"?',
    'line 5, column 29: "worklst" is no tier. Did you mean "worklist"?',
    "line 5, column 47: The last limit has no where: else what matches no row would open no loop, and nobody would know.",
    expect.stringContaining("line 6, column 31: This signal is a sequence, and has no limits."),
    expect.stringContaining("line 7, column 29: This signal is a series, and has no limits."),
    expect.stringContaining("line 8, column 40: This row takes everything, so that the signal's own rows never count."),
    'line 8, column 84: There is no value set "colonoscopi". Did you mean "colonoscopy"?',
    expect.stringContaining('line 9, column 46: "1D" is no duration of fixed length. Write it like PT2H or P14D'),
    expect.stringContaining('line 11, column 24: "mon" is no day of the week.'),
    expect.stringContaining("line 11, column 56: Write a time of day, such as 08:30."),
  ]);
});
