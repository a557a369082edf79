import { defaultCalendar } from "../domain/calendar/default-calendar.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { runLength } from "../domain/spc.ts";
import type { PlacedProblem, YamlText } from "../domain/yaml-text.ts";
import { readCatalogue, readSeriesCatalogue } from "./catalogue.ts";
import { isSeriesFile, readOwnSignals, templateOf, type AnyFile } from "./own-signals.ts";
import { signalError } from "./parse-signal.ts";
import type { WrittenSequence } from "./sequence-schema.ts";
import { seriesTemplate, type WrittenSeries } from "./series-schema.ts";
import { seriesOver, settable, windowsOf } from "./settings-over.ts";
import { durationMs } from "./written-values.ts";
import { readValueSets, type ValueSets } from "./read-value-sets.ts";
import { limitProblems, unknownSets } from "./sense-problems.ts";
import { periodMs } from "./parse-series.ts";
import type { SignalSetting, SiteSignals } from "./site-settings.ts";

/**
 * What is wrong with what a configuration says of signals, beside the signals that there are: `written` stands at `path` of
 * its text, right or wrong, and `folders` are those that it names.
 * @throws UserError `signal-invalid`, where a file in those folders is wrong
 */
export function settingProblems(
  written: unknown,
  path: readonly PropertyKey[],
  yaml: YamlText,
  folders: Required<Pick<SiteSignals, "ownSignals" | "valueSets">>,
): PlacedProblem[] {
  const settings = Object.entries(Object(written) as Record<string, unknown>);
  const sets = readValueSets(signalError, folders.valueSets);
  const below = [...readCatalogue(), ...readSeriesCatalogue()];
  // Whether their examples come out is asked of each site, with its calendar.
  const context = { sets, calendar: defaultCalendar };
  const files = new Map(readOwnSignals(below, folders.ownSignals, context).map((file) => [file.signal.id, file]));
  return settings.flatMap(([id, setting]) => {
    const file = files.get(id);
    if (file) return problemsOfSetting(setting, file, [...path, id], yaml, sets);
    const known = [...files.keys()].sort();
    const hint = didYouMean(id, known) || ` Known: ${known.join(", ")}.`;
    return [{ ...yaml.placeOfKey(path, id), text: `"${id}" is no signal.${hint}` }];
  });
}

function problemsOfSetting(
  setting: unknown,
  file: AnyFile,
  path: readonly PropertyKey[],
  yaml: YamlText,
  sets: ValueSets,
): PlacedProblem[] {
  const template = templateOf(file);
  const [can, said] = [settable[template] as readonly string[], Object.keys(Object(setting) as object)];
  const misplaced = [...new Set<string>(Object.values(settable).flat())].filter((key) => said.includes(key) && !can.includes(key));
  return [
    ...misplaced.map((key) => ({
      ...yaml.placeOf([...path, key]),
      text: `This signal is a ${template}, and has no ${key}. What can be set of it: enabled, tier, ${can.join(", ")}. To change what else it looks for, copy its file into ownSignals, with replaces: true.`,
    })),
    ...(template === "loop" ? limitsOf(setting, path, yaml, sets) : []),
    ...(isSeriesFile(file)
      ? seriesProblems(setting as SignalSetting, file.written.series, path, yaml)
      : file.written.sequence
        ? sequenceProblems(setting as SignalSetting, file.written.sequence, path, yaml)
        : []),
  ];
}

function limitsOf(setting: unknown, path: readonly PropertyKey[], yaml: YamlText, sets: ValueSets): PlacedProblem[] {
  const limits: unknown = (Object(setting) as { limits?: unknown }).limits;
  if (limits === undefined) return [];
  const place = [...path, "limits"];
  const first: unknown = Array.isArray(limits) ? undefined : (Object(limits) as { first?: unknown }).first;
  const rows = Array.isArray(limits) ? limitProblems(limits, place, yaml) : firstProblems(first, [...place, "first"], yaml);
  return [...rows, ...unknownSets(limits, place, yaml, sets)];
}

/** One window is meant by within, and one step by times. */
function sequenceProblems(setting: SignalSetting, own: WrittenSequence, path: readonly PropertyKey[], yaml: YamlText): PlacedProblem[] {
  const { within, times } = Object(setting) as SignalSetting;
  const windows = windowsOf(own);
  const repeats = own.steps.filter((step) => step.times !== undefined).length;
  const mend = "Copy its file into ownSignals, with replaces: true.";
  return [
    ...(within !== undefined && windows.length !== 1
      ? [
          {
            ...yaml.placeOf([...path, "within"]),
            text: `This sequence has ${windows.length === 0 ? "no window" : `windows of ${windows.join(", ")}`}. ${mend}`,
          },
        ]
      : []),
    ...(times !== undefined && repeats !== 1
      ? [
          {
            ...yaml.placeOf([...path, "times"]),
            text: `${repeats === 0 ? "No step" : "More than one step"} of this sequence repeats. ${mend}`,
          },
        ]
      : []),
  ];
}

/** What is right by itself and not together with the rest of the series. */
function seriesProblems(
  setting: SignalSetting,
  own: WrittenSeries["series"],
  path: readonly PropertyKey[],
  yaml: YamlText,
): PlacedProblem[] {
  const merged = seriesTemplate.safeParse(seriesOver(own, Object(setting) as SignalSetting));
  // What is wrong with a value itself is told by the schema of the configuration.
  const whole = merged.error?.issues.filter((issue) => issue.path.length === 0) ?? [];
  const together = whole.map(({ message }) => ({ ...yaml.placeOf(path), text: message }));
  if (!merged.success) return together;
  const { history, needs, per, against } = merged.data;
  const stepMs = against === "hour-of-week" ? periodMs.week : periodMs[per];
  const holds = Math.floor(durationMs(history) / stepMs) - (against === "itself" ? runLength : 0);
  if (needs <= holds) return together;
  const text = `Its history of ${history} holds no more than ${String(Math.max(0, holds))} numbers to judge by, and it needs ${String(needs)}: nothing would ever be judged. Write a longer history, or a smaller needs.`;
  return [...together, { ...yaml.placeOf([...path, setting.needs === undefined ? "history" : "needs"]), text }];
}

/** A row that takes everything would leave the signal's own without use, and nobody would know. */
function firstProblems(first: unknown, path: readonly PropertyKey[], yaml: YamlText): PlacedProblem[] {
  const rows: readonly unknown[] = Array.isArray(first) ? first : [];
  return rows.flatMap((row, index) => {
    const { where, at } = Object(row) as { where?: unknown; at?: unknown };
    if (where !== undefined || at !== undefined) return [];
    const text =
      "This row takes everything, so that the signal's own rows never count. Give it a where, or write limits as a list, which replaces them.";
    return [{ ...yaml.placeOf([...path, index]), text }];
  });
}
