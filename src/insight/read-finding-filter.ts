import type { Config } from "../config/config.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { statuses } from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import { urgencies, verdicts } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../store/db.ts";
import { isUuid, type FindingFilter } from "../store/finding-filter.ts";
import { listKnownNames } from "../store/known-name.ts";
import { everySite, noneQuiet, type QuietSites } from "../store/quiet-sites.ts";
import { recallOne } from "../store/recall.ts";
import { listSites } from "../store/site.ts";

/** A filter as people and programs write it, on a command line or in an address. */
export interface WrittenFilter {
  readonly all?: boolean | undefined;
  readonly id?: readonly string[] | undefined;
  readonly site?: readonly string[] | undefined;
  readonly signal?: readonly string[] | undefined;
  readonly verdict?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly urgency?: readonly string[] | undefined;
  readonly team?: readonly string[] | undefined;
  readonly patient?: string | undefined;
  readonly subject?: string | undefined;
  readonly openedFrom?: string | undefined;
  readonly openedTo?: string | undefined;
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
}

/** Names that may be asked for. */
export interface KnownNames {
  readonly sites: readonly string[];
  readonly signals: readonly string[];
  readonly teams: readonly string[];
}

/** What has been read, and the sites that the configuration names, read or not. */
export async function readKnownNames(db: Db, viewer: Viewer, config: Config, quiet: QuietSites = noneQuiet): Promise<KnownNames> {
  const whose = { site: everySite, key: JSON.stringify(viewer) };
  const held = await recallOne(db, quiet, "names", whose, async () => {
    return { sites: (await listSites(db)).map(({ name }) => name), ...(await listKnownNames(db, viewer)) };
  });
  const sites = new Set([...held.sites, ...config.sites.map(({ name }) => name)]);
  const mine = [...sites].filter((name) => viewer.sites === "all" || viewer.sites.includes(name));
  return { ...held, sites: mine.sort() };
}

/**
 * `nameOf`: how whoever asks writes a part of the filter: `--due-from`, `dueFrom`.
 * @throws UserError `unknown-filter-value` with the nearest right one; `not-a-time`, `not-an-id`
 */
export function readFindingFilter(
  written: WrittenFilter,
  known: KnownNames,
  config: Config,
  nameOf: (part: keyof WrittenFilter) => string,
): FindingFilter {
  const wrong = written.id?.find((id) => !isUuid(id));
  if (wrong !== undefined)
    throw new UserError("not-an-id", `"${wrong}" is no id of a finding.`, "Take the id from where findings are listed.");
  const { patient, subject } = written;
  return {
    ...(written.all && { all: true }),
    ...(written.id && { ids: written.id }),
    ...(written.site && { sites: checkNames(nameOf("site"), written.site, known.sites) }),
    ...(written.signal && { signals: checkNames(nameOf("signal"), written.signal, known.signals) }),
    ...(written.verdict && { verdicts: checkNames(nameOf("verdict"), written.verdict, verdicts) }),
    ...(written.status && { statuses: checkNames(nameOf("status"), written.status, statuses) }),
    ...(written.urgency && { urgencies: checkNames(nameOf("urgency"), written.urgency, urgencies) }),
    ...(written.team && { teams: checkNames(nameOf("team"), written.team, known.teams) }),
    ...(patient !== undefined && { patient }),
    ...(subject !== undefined && { subject }),
    ...readTime("openedFrom"),
    ...readTime("openedTo"),
    ...readTime("dueFrom"),
    ...readTime("dueTo"),
    testPatients: config.sites.flatMap((site) => site.testPatients.map((name) => ({ site: site.name, name }))),
  };

  function readTime(part: "openedFrom" | "openedTo" | "dueFrom" | "dueTo"): FindingFilter {
    const text = written[part];
    if (text === undefined) return {};
    const at = parseRfc3339(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
    if (at === undefined)
      throw new UserError(
        "not-a-time",
        `${nameOf(part)} "${text}" is no time.`,
        "Write a date (2026-03-16) or a time with its zone (2026-03-16T09:00:00Z).",
      );
    return { [part]: at };
  }
}

function checkNames<T extends string>(part: string, given: readonly string[], known: readonly T[]): T[] {
  return given.map((word) => {
    const name = known.find((each) => each === word);
    if (name !== undefined) return name;
    const choice = known.length === 0 ? "Nothing has been scanned yet." : `It may be: ${known.join(", ")}.`;
    throw new UserError("unknown-filter-value", `${part} "${word}" is not known.${didYouMean(word, known)}`, choice);
  });
}
