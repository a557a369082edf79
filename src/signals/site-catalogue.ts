import { statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Calendar } from "../domain/calendar/calendar.ts";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal, SignalOrigin } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import { readCatalogue, readSeriesCatalogue } from "./catalogue.ts";
import { compileSeries } from "./compile-series.ts";
import { compileSignal } from "./compile-signal.ts";
import { logicHash, seriesHash } from "./logic-hash.ts";
import { isSeriesFile, readOwnSignals } from "./own-signals.ts";
import type { SeriesFile } from "./parse-series.ts";
import { signalError, type SignalFile } from "./parse-signal.ts";
import { readValueSets, yamlFilesOf, type ValueSets } from "./read-value-sets.ts";
import { changesOver, seriesOver, signalOver } from "./settings-over.ts";
import { siteCalendar } from "./site-calendar.ts";
import type { SignalSetting, SiteSignals } from "./site-settings.ts";

/** Every signal that a site could run, as it would run it. */
export interface SiteCatalogue {
  /** Loops and sequences, by id. */
  readonly loops: readonly SignalFile[];
  readonly series: readonly SeriesFile[];
}

const held = new Map<string, { readonly stamp: string; readonly catalogue: SiteCatalogue }>();

/**
 * The catalogue with what a site says over it: its own signals, limits, tiers, value sets and calendar. Files of the site are
 * read anew when they change.
 * @throws UserError `signal-invalid`, with every problem of the files of a folder
 */
export function readSiteCatalogue(settings: SiteSignals): SiteCatalogue {
  const key = keyOf(settings);
  const stamp = stampOf(settings);
  const known = held.get(key);
  if (known?.stamp === stamp) return known.catalogue;
  const catalogue = assemble(settings);
  held.set(key, { stamp, catalogue });
  return catalogue;
}

/** The same, for pages: where a file of the site has just been broken, what it said before; the scan says what is wrong. */
export function lastSiteCatalogue(settings: SiteSignals): SiteCatalogue {
  try {
    return readSiteCatalogue(settings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return held.get(keyOf(settings))?.catalogue ?? { loops: readCatalogue(), series: readSeriesCatalogue() };
  }
}

function keyOf({ timeZone, signals, ownSignals, valueSets, calendar }: SiteSignals): string {
  return JSON.stringify([timeZone, signals, ownSignals, valueSets, calendar]);
}

function stampOf({ ownSignals = [], valueSets = [] }: SiteSignals): string {
  return JSON.stringify(
    [...ownSignals, ...valueSets].flatMap((folder) =>
      yamlFilesOf(folder, signalError).map((name) => {
        const { mtimeMs, size } = statSync(join(folder, name));
        return [folder, name, mtimeMs, size];
      }),
    ),
  );
}

function assemble(settings: SiteSignals): SiteCatalogue {
  const sets = readValueSets(signalError, settings.valueSets);
  const calendar = siteCalendar(settings);
  const settingOf = (id: string): SignalSetting => settings.signals[id] ?? {};
  const below = [...readCatalogue(), ...readSeriesCatalogue()];
  const files = readOwnSignals(below, settings.ownSignals ?? [], { sets, calendar, tierOf: (id) => settingOf(id).tier });
  const inOrder = [...files].sort((a, b) => (a.signal.id < b.signal.id ? -1 : 1));
  return {
    loops: inOrder.flatMap((file) => (isSeriesFile(file) ? [] : [asSiteRuns(file, settingOf(file.signal.id), sets, calendar)])),
    series: inOrder.flatMap((file) =>
      isSeriesFile(file) ? [{ ...file, signal: seriesAsSiteRuns(file, settingOf(file.signal.id), sets) }] : [],
    ),
  };
}

function asSiteRuns(file: SignalFile, setting: SignalSetting, sets: ValueSets, calendar: Calendar): SignalFile {
  const { written } = file;
  const { tier } = setting;
  const over = signalOver(written, setting);
  const compiled = compileSignal({ ...over, tier: tier ?? written.tier }, sets, calendar);
  const withoutSettings = compileSignal(written, sets, calendar);
  const origin = file.signal.origin ?? { baseHash: logicHash(file.signal), isOwn: false, changes: [] };
  const changes = [
    ...(tier !== undefined && tier !== written.tier ? [`its tier (${written.tier} in its file)`] : []),
    ...changesOver(written.loop ?? written.sequence, over.loop ?? over.sequence),
    ...changedSets(file.signal, withoutSettings),
    ...(origin.isOwn || isDeepStrictEqual(calendarsOf(file.signal), calendarsOf(withoutSettings))
      ? []
      : ["the calendar that it counts by"]),
  ];
  // Nothing of it is the site's: it is as the catalogue has it.
  if (changes.length === 0 && !origin.isOwn) return file;
  return { ...file, signal: { ...compiled, origin: { ...origin, changes } satisfies SignalOrigin } };
}

function seriesAsSiteRuns({ signal, written }: SeriesFile, setting: SignalSetting, sets: ValueSets): SeriesSignal {
  const { tier = signal.tier } = setting;
  const series = seriesOver(written.series, setting);
  const compiled = compileSeries({ ...written, series }, sets);
  const changes = [
    ...(tier === signal.tier ? [] : [`its tier (${signal.tier} in its file)`]),
    ...changesOver(written.series, series),
    ...changedSets(signal, compiled),
  ];
  if (changes.length === 0) return signal;
  return { ...compiled, tier, origin: { baseHash: seriesHash(signal.series), isOwn: signal.origin?.isOwn ?? false, changes } };
}

function changedSets(before: unknown, after: unknown): string[] {
  const now = new Map(valueSetsOf(after));
  const names = valueSetsOf(before)
    .filter(([id, codes]) => now.get(id) !== codes)
    .map(([id]) => id);
  return names.length === 0 ? [] : [`the codes of ${[...new Set(names)].join(", ")}`];
}

/** Id and codes of every value set that a definition rests on, wherever it stands. */
function valueSetsOf(value: unknown): [id: string, codes: string][] {
  if (typeof value !== "object" || value === null) return [];
  if ("codings" in value && "id" in value) return [[String(value.id), JSON.stringify(value.codings)]];
  return Object.values(value).flatMap(valueSetsOf);
}

function calendarsOf({ loop }: Signal): unknown[] {
  return (loop?.limits ?? []).flatMap(({ working }) => (working ? [working.calendar] : []));
}
