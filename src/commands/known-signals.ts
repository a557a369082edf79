import type { Config } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { isEnabled } from "../insight/enabled-signals.ts";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import type { SeriesFile } from "../signals/parse-series.ts";
import type { SignalFile } from "../signals/parse-signal.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import type { SiteSignals } from "../signals/site-settings.ts";
import { commandLine } from "./command-line.ts";

/** A signal of any template, with its examples. */
export type AnySignalFile = SignalFile | SeriesFile;

/** The catalogue as the program has it; or as one site does, by its configuration. */
export interface KnownSignals {
  readonly files: readonly AnySignalFile[];
  readonly isOn: (id: string) => boolean;
  /** Absent: of no site. */
  readonly settings?: SiteSignals;
}

/** @throws UserError `site-unknown`, and `configuration` or `signal-invalid` where what the site says is wrong */
export function knownSignals(loadConfig: () => Config, site: string | undefined): KnownSignals {
  if (site === undefined) {
    return { files: inOrder([...readCatalogue(), ...readSeriesCatalogue()]), isOn: (id) => enabledByDefault.includes(id) };
  }
  const config = loadConfig();
  const names = config.sites.map(({ name }) => name);
  if (names.length > 0 && !names.includes(site)) {
    throw new UserError(
      "site-unknown",
      `The configuration (${config.file ?? ""}) names no site "${site}".${didYouMean(site, names) || ` It names ${names.join(", ")}.`}`,
      "Correct --site, or leave it out to see the catalogue as it is.",
    );
  }
  const settings = siteConfig(config, site);
  const { loops, series } = readSiteCatalogue(settings);
  return { files: inOrder([...loops, ...series]), isOn: (id) => isEnabled(settings, id), settings };
}

/** @throws UserError `signal-unknown` */
export function getSignal({ files }: Pick<KnownSignals, "files">, id: string): AnySignalFile {
  const file = files.find(({ signal }) => signal.id === id);
  if (file) return file;
  const ids = files.map(({ signal }) => signal.id);
  throw new UserError("signal-unknown", `There is no signal "${id}".${didYouMean(id, ids)}`, `See them all: ${commandLine} signals list`);
}

function inOrder(files: readonly AnySignalFile[]): AnySignalFile[] {
  return [...files].sort((a, b) => (a.signal.id < b.signal.id ? -1 : 1));
}
