import { readFileSync } from "node:fs";
import { UserError } from "../domain/user-error.ts";
import { compileSignal } from "../signals/compile-signal.ts";
import { isSeriesFile } from "../signals/own-signals.ts";
import { isSeriesText, readSeriesFile } from "../signals/parse-series.ts";
import { readSignal, signalError } from "../signals/parse-signal.ts";
import { readValueSets } from "../signals/read-value-sets.ts";
import { siteCalendar } from "../signals/site-calendar.ts";
import type { SiteSignals } from "../signals/site-settings.ts";
import type { AnySignalFile } from "./known-signals.ts";

/**
 * A signal's file that need not be configured yet, with the value sets and the calendar of a site, where one is given.
 * @throws UserError `signal-file-unreadable`, `signal-invalid`
 */
export function readSignalFile(path: string, settings: SiteSignals | undefined): AnySignalFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new UserError("signal-file-unreadable", `${path} cannot be read.`, "Name a signal's file, or the id of a signal.", { cause });
  }
  const sets = readValueSets(signalError, settings?.valueSets);
  const read = isSeriesText(text) ? readSeriesFile(text, path, sets) : readSignal(text, path, sets);
  if ("problems" in read) throw signalError(read.problems);
  if (isSeriesFile(read) || settings === undefined) return read;
  return { ...read, signal: compileSignal(read.written, sets, siteCalendar(settings)) };
}
