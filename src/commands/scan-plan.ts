import { resolve } from "node:path";
import type { BulkSettings, Config, SiteConfig } from "../config/config.ts";
import { bulkSchema } from "../config/config-schema.ts";
import { fhirVersion, serverUrl, shortName } from "../config/config-values.ts";
import { asBulk, defaultLagMs, siteConfig } from "../config/load-config.ts";
import type { Instant } from "../domain/instant.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { UserError } from "../domain/user-error.ts";
import { enabledSeries, enabledSignals } from "../insight/enabled-signals.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import type { SourceToRead } from "../worker/pull-all.ts";
import type { ScanOptions } from "../worker/scan.ts";
import { commandLine } from "./command-line.ts";

/** What to do with one site. */
export type SitePlan = Pick<ScanOptions, "config" | "sources" | "signals" | "series">;

export interface ReadingOptions {
  readonly from?: string;
  readonly site?: string;
  readonly source?: string;
  readonly signals?: string;
  readonly bulk?: string | true;
  readonly fhirVersion?: string;
}

/** The site and folder that `--from` names, else every configured source of every site, or of the one named. */
export function planReading(config: Config, options: ReadingOptions): SitePlan[] {
  const { from, site, source, bulk } = options;
  if (bulk !== undefined && from === undefined) throw wrongBulk("--bulk goes with --from URL.");
  const version = readVersion(options.fhirVersion, from);
  if (from !== undefined) {
    const sources = [{ ...sourceOf(from, source, bulk), ...version }];
    return [planSite(siteConfig(config, site ?? "default"), sources, options.signals)];
  }
  const sites = site === undefined ? config.sites : [configuredSite(config, site)];
  const plans = sites.map((each) => {
    const sources = each.sources.filter(({ name }) => source === undefined || name === source);
    return planSite(each, sources, options.signals);
  });
  const withSources = plans.filter(({ sources }) => sources.length > 0);
  if (withSources.length === 0) throw nothingToRead(config, sites, source);
  return withSources;
}

export function planSite(config: SiteConfig, sources: SitePlan["sources"], signals: string | undefined): SitePlan {
  return { config, sources, ...chooseSignals(config, signals) };
}

function chooseSignals(config: SiteConfig, written: string | undefined): Pick<SitePlan, "signals" | "series"> {
  const { loops, series } = readSiteCatalogue(config);
  const catalogue = { signals: loops.map(({ signal }) => signal), series: series.map(({ signal }) => signal) };
  if (written === "all") return catalogue;
  if (written === undefined) return { signals: enabledSignals(config), series: enabledSeries(config) };
  const ids = written.split(",").map((id) => id.trim());
  const known = [...catalogue.signals, ...catalogue.series].map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const said = unknown.map((id) => `There is no signal "${id}".${didYouMean(id, known)}`).join("\n");
    throw new UserError("signal-unknown", said, `Write ids with commas between them, or all. See them: ${commandLine} signals list`);
  }
  return {
    signals: catalogue.signals.filter(({ id }) => ids.includes(id)),
    series: catalogue.series.filter(({ id }) => ids.includes(id)),
  };
}

/** @throws UserError `time-unreadable` */
export function readInstant(option: string, text: string | undefined): Instant | undefined {
  const at = text === undefined ? undefined : parseRfc3339(text);
  if (text !== undefined && at === undefined) {
    throw new UserError(
      "time-unreadable",
      `${option} "${text}" is no time with its zone.`,
      "Write it like 2026-03-16T09:00:00Z or 2026-03-16T09:00:00+01:00.",
    );
  }
  return at;
}

/** A folder, or the base URL of a FHIR server. */
export function sourceOf(from: string, name: string | undefined, bulk?: ReadingOptions["bulk"]): SourceToRead {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(from)) {
    if (bulk !== undefined) throw wrongBulk("--bulk is for a FHIR server, and --from names a folder.");
    return { name: sourceName(name ?? "folder"), folder: resolve(from) };
  }
  const url = serverUrl.safeParse(from);
  if (url.success) {
    const server = { name: sourceName(name ?? "server"), url: url.data };
    return bulk === undefined ? { ...server, lagMs: defaultLagMs } : { ...server, lagMs: 0, bulk: bulkOf(bulk) };
  }
  throw new UserError(
    "source-not-an-address",
    "--from is no base URL of a FHIR server.",
    "Write it like https://fhir.example/R4, without user, password and query. A token comes from the environment: name the server as a source in followthrough.yaml, with `tokenFrom`.",
  );
}

function readVersion(written: string | undefined, from: string | undefined): Pick<SourceToRead, "fhirVersion"> {
  if (written === undefined) return {};
  const parsed = fhirVersion.safeParse(written);
  if (parsed.success && from !== undefined) return { fhirVersion: parsed.data };
  throw new UserError(
    "fhir-version",
    parsed.success ? "--fhir-version goes with --from." : `"${written}" is no version of FHIR that is read.`,
    parsed.success
      ? "Of a configured source, fhirVersion in followthrough.yaml says so."
      : (parsed.error.issues[0]?.message.replace(/^.*?\. /, "") ?? ""),
  );
}

/** As `bulk:` of a source with nothing but its level. */
function bulkOf(written: string | true): BulkSettings {
  const [level, group, ...more] = written === true ? ["system"] : written.split("/");
  const parsed = bulkSchema.safeParse({ level, ...(group !== undefined && { group }) });
  if (!parsed.success || more.length > 0 || (level === "group") !== (group !== undefined)) {
    throw wrongBulk(`--bulk knows no level "${String(written)}".`);
  }
  return asBulk(parsed.data);
}

function wrongBulk(problem: string): UserError {
  return new UserError(
    "bulk-level",
    problem,
    `Write it like ${commandLine} scan --from https://fhir.example/R4 --bulk, or --bulk=patient, or --bulk=group/ID; of a configured source, bulk: in followthrough.yaml says so.`,
  );
}

function sourceName(written: string): string {
  if (shortName.safeParse(written).success) return written;
  throw new UserError(
    "source-name",
    `"${written}" cannot be the name of a source.`,
    "Write small letters, digits and single hyphens, such as lab-export.",
  );
}

function configuredSite(config: Config, name: string): SiteConfig {
  const known = config.sites.find((site) => site.name === name);
  if (known) return known;
  const names = config.sites.map((site) => site.name);
  const hint = didYouMean(name, names) || (names.length > 0 ? ` It names ${names.join(", ")}.` : "");
  throw new UserError(
    "site-unknown",
    `The configuration (${config.file ?? "followthrough.yaml, which does not exist"}) names no site "${name}".${hint}`,
    `Correct --site, or say what to read: ${commandLine} scan --site ${name} --from FOLDER`,
  );
}

function nothingToRead(config: Config, sites: readonly SiteConfig[], source: string | undefined): UserError {
  const names = sites.flatMap((site) => site.sources.map(({ name }) => name));
  const what =
    source !== undefined && names.length > 0
      ? `No site has a source "${source}".${didYouMean(source, names) || ` There are: ${names.join(", ")}.`}`
      : `There is nothing to read: ${config.file === undefined ? "there is no followthrough.yaml, and --from is not given" : `${config.file} names no source, and --from is not given`}.`;
  return new UserError(
    "nothing-to-read",
    what,
    `Name a FHIR server or a folder of its files: ${commandLine} scan --from https://fhir.example/R4. To try: ${commandLine} scan --from fixtures/hospital/south`,
  );
}
