import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { z } from "zod";
import { UserError } from "../domain/user-error.ts";
import type { BulkSettings, Config, FolderSource, ServerSource, SiteConfig } from "./config.ts";
import { asAccess } from "./access-schema.ts";
import { configSchema, siteSchema, type SignalsEntry, type SiteEntry, type SourceEntry } from "./config-schema.ts";
import { schemaProblems } from "../domain/schema-problems.ts";
import { asSignals, allSitesOf } from "./signals-over.ts";
import { signalsProblems, type CheckSignals } from "./signals-problems.ts";
import { siteProblems } from "./site-problems.ts";
import { sourceProblems } from "./source-problems.ts";
import { parseYaml, problemsError, type TextProblem } from "../domain/yaml-text.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigInput {
  /** Else the environment's FOLLOWTHROUGH_CONFIG, else `followthrough.yaml` in the working directory, if there is one. */
  readonly file?: string;
  readonly env: Environment;
  /**
   * Finds what is wrong with what stands under `signals`, so that a mistyped id is reported with its line; absent: it is
   * taken as it stands.
   */
  readonly checkSignals?: CheckSignals;
}

/**
 * The configuration, relative paths made absolute: `dataFolder` from the working directory, folders of sources from the file.
 * @throws UserError `configuration`, with every problem of file and environment at once
 */
export function loadConfig({ file, env, checkSignals }: ConfigInput): Config {
  const named = file ?? nonEmpty(env["FOLLOWTHROUGH_CONFIG"]);
  const path = resolve(named ?? "followthrough.yaml");
  const text = readText(path, named !== undefined);
  const base = dirname(path);
  const { written, problems } = text === undefined ? { written: undefined, problems: [] } : readWritten(text, base, checkSignals, env);
  const databaseUrl = nonEmpty(env["DATABASE_URL"]);
  const ofEnvironment = databaseProblems(databaseUrl);
  if (ofEnvironment.length + problems.length > 0) {
    const where = [...(problems.length > 0 ? [path] : []), ...(ofEnvironment.length > 0 ? ["the environment"] : [])].join(" and ");
    throw problemsError("configuration", where, [...ofEnvironment, ...problems]);
  }
  return {
    ...(text === undefined ? {} : { file: path }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    dataFolder: resolve(nonEmpty(env["FOLLOWTHROUGH_DATA"]) ?? "./data"),
    ...allSitesOf(written?.allSites, base),
    sites: (written?.sites ?? []).map((site) => asSiteConfig(site, base, env, written?.allSites)),
  };
}

/** Of sites that the file does not name: every page asks for them, and to work them out takes most of a millisecond. */
const defaults = new WeakMap<Config, ReadonlyMap<string, SiteConfig>>();

/**
 * The configuration of a site; one that the file does not name has every default.
 * @throws UserError `configuration` where the name cannot be a site's
 */
export function siteConfig(config: Config, name: string): SiteConfig {
  const known = config.sites.find((site) => site.name === name) ?? defaults.get(config)?.get(name);
  if (known !== undefined) return known;
  const parsed = siteSchema.safeParse({ name });
  if (parsed.success) {
    const made = { ...asSiteConfig(parsed.data, "", {}), ...config.allSites };
    defaults.set(config, new Map([...(defaults.get(config) ?? []), [name, made]]));
    return made;
  }
  throw new UserError(
    "configuration",
    `"${name}" cannot be the name of a site.`,
    "Write small letters, digits and single hyphens, such as st-elsewhere.",
  );
}

function readWritten(
  text: string,
  base: string,
  checkSignals: CheckSignals | undefined,
  env: Environment,
): { written: z.infer<typeof configSchema> | undefined; problems: readonly TextProblem[] } {
  const yaml = parseYaml(text);
  if (yaml.problems.length > 0) return { written: undefined, problems: yaml.problems };
  const parsed = configSchema.safeParse(yaml.value ?? {});
  return {
    written: parsed.data,
    problems: [
      ...(parsed.success ? [] : schemaProblems(parsed.error, configSchema, yaml)),
      ...siteProblems(yaml),
      ...(checkSignals ? signalsProblems(checkSignals, base, yaml) : []),
      ...sourceProblems(env, yaml),
    ],
  };
}

function readText(path: string, mustExist: boolean): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" && !mustExist) return undefined;
    throw new UserError(
      "configuration",
      code === "ENOENT" ? `There is no configuration file ${path}.` : `The configuration file ${path} cannot be read (${String(code)}).`,
      "Correct FOLLOWTHROUGH_CONFIG, or unset it to use followthrough.yaml in the working directory or, without one, the defaults.",
      { cause },
    );
  }
}

function databaseProblems(url: string | undefined): TextProblem[] {
  if (url === undefined || (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol))) return [];
  // The value may hold a password, so it is not quoted.
  return [
    {
      text: "The environment variable DATABASE_URL is no PostgreSQL address: write postgres://user:password@host:5432/database, or unset it to use the embedded database.",
    },
  ];
}

function asSiteConfig(entry: SiteEntry, base: string, env: Environment, allSites?: SignalsEntry): SiteConfig {
  const { blindAfter: blindAfterMs, sources, eprLink, mapping, signals, ownSignals, valueSets, calendar, ...site } = entry;
  return {
    ...site,
    ...asSignals({ signals, ownSignals, valueSets, calendar }, base, allSites),
    ...(mapping === undefined ? {} : { mapping: resolve(base, mapping) }),
    ...(eprLink === undefined ? {} : { eprLink }),
    blindAfterMs,
    sources: sources.map((source) => asSource(source, base, env)),
  };
}

export function asBulk({ level, group, wait: waitMs, fileHosts }: NonNullable<SourceEntry["bulk"]>): BulkSettings {
  return { level, waitMs, fileHosts, ...(group === undefined ? {} : { group }) };
}

function asBudget({ time: timeMs, failures }: NonNullable<SourceEntry["budget"]>): NonNullable<ServerSource["budget"]> {
  return { ...(timeMs === undefined ? {} : { timeMs }), ...(failures === undefined ? {} : { failures }) };
}

/**
 * What a server needs to write and index a record, where the configuration says nothing. An export needs none: its
 * `transactionTime` is a promise that all before is in it.
 */
export const defaultLagMs = 5 * 60_000;

function asSource(
  { name, folder, url, fhirVersion, lag, types, bulk, sideBySide, counts, budget, mirrors, ...access }: SourceEntry,
  base: string,
  env: Environment,
): FolderSource | ServerSource {
  const shared = { name, ...(fhirVersion === undefined ? {} : { fhirVersion }), ...(mirrors === undefined ? {} : { mirrors }) };
  if (url === undefined) return { ...shared, folder: resolve(base, folder ?? "") };
  // That every variable is set was seen to (`accessProblems`).
  const asked = asAccess(access, base, (variable) => (env[variable] ?? "").trim());
  return {
    ...shared,
    url,
    lagMs: lag ?? (bulk === undefined ? defaultLagMs : 0),
    ...(sideBySide === undefined ? {} : { sideBySide }),
    ...(counts === undefined ? {} : { counts }),
    ...(budget === undefined ? {} : { budget: asBudget(budget) }),
    ...(types === undefined ? {} : { types }),
    ...(bulk === undefined ? {} : { bulk: asBulk(bulk) }),
    ...(asked === undefined ? {} : { access: asked }),
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}
