import { defaultCalendar } from "../domain/calendar/default-calendar.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import type { PlacedProblem, YamlText } from "../domain/yaml-text.ts";
import { readCatalogue, readSeriesCatalogue } from "./catalogue.ts";
import { readOwnSignals, templateOf } from "./own-signals.ts";
import { signalError } from "./parse-signal.ts";
import { readValueSets, type ValueSets } from "./read-value-sets.ts";
import { limitProblems, unknownSets } from "./sense-problems.ts";
import type { SiteSignals } from "./site-settings.ts";

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
    if (file) return limitsOf(setting, templateOf(file), [...path, id], yaml, sets);
    const known = [...files.keys()].sort();
    const hint = didYouMean(id, known) || ` Known: ${known.join(", ")}.`;
    return [{ ...yaml.placeOfKey(path, id), text: `"${id}" is no signal.${hint}` }];
  });
}

function limitsOf(
  setting: unknown,
  template: "loop" | "sequence" | "series",
  path: readonly PropertyKey[],
  yaml: YamlText,
  sets: ValueSets,
): PlacedProblem[] {
  const limits: unknown = (Object(setting) as { limits?: unknown }).limits;
  if (limits === undefined) return [];
  const place = [...path, "limits"];
  if (template !== "loop") {
    const text = `This signal is a ${template}, and has no limits. To change what it looks for, copy its file into ownSignals, with replaces: true.`;
    return [{ ...yaml.placeOf(place), text }];
  }
  const first: unknown = Array.isArray(limits) ? undefined : (Object(limits) as { first?: unknown }).first;
  const rows = Array.isArray(limits) ? limitProblems(limits, place, yaml) : firstProblems(first, [...place, "first"], yaml);
  return [...rows, ...unknownSets(limits, place, yaml, sets)];
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
