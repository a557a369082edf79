import type { Config } from "../config/config.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { statuses } from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import { urgencies, type Verdict } from "../domain/verdict.ts";
import { isUuid, type FindingFilter } from "../store/finding-filter.ts";

/** What commander reads of the command line. */
export interface FindingsOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly all?: true;
  readonly limit?: string;
  readonly id?: string[];
  readonly site?: string[];
  readonly signal?: string[];
  readonly verdict?: string[];
  readonly status?: string[];
  readonly urgency?: string[];
  readonly team?: string[];
  readonly patient?: string;
  readonly subject?: string;
  readonly openedFrom?: string;
  readonly openedTo?: string;
  readonly dueFrom?: string;
  readonly dueTo?: string;
}

/** Names that may be asked for, as the database has them. */
export interface Known {
  readonly sites: readonly string[];
  readonly signals: readonly string[];
  readonly teams: readonly string[];
}

const verdicts: readonly Verdict[] = ["met", "pending", "late", "missed", "unknown", "cancelled"];

/** @throws UserError `unknown-filter-value` with the nearest right one; `not-a-time`, `not-a-number`, `not-an-id` */
export function readFilter(options: FindingsOptions, known: Known, config: Config): FindingFilter {
  const wrong = options.id?.find((id) => !isUuid(id));
  if (wrong !== undefined)
    throw new UserError("not-an-id", `"${wrong}" is no id of a finding.`, "Take the id from what `findings --json` lists.");
  return {
    ...(options.all && { all: true }),
    ...(options.id && { ids: options.id }),
    ...(options.site && { sites: checkNames("--site", options.site, known.sites) }),
    ...(options.signal && { signals: checkNames("--signal", options.signal, known.signals) }),
    ...(options.verdict && { verdicts: checkNames("--verdict", options.verdict, verdicts) }),
    ...(options.status && { statuses: checkNames("--status", options.status, statuses) }),
    ...(options.urgency && { urgencies: checkNames("--urgency", options.urgency, urgencies) }),
    ...(options.team && { teams: checkNames("--team", options.team, known.teams) }),
    ...(options.patient !== undefined && { patient: options.patient }),
    ...(options.subject !== undefined && { subject: options.subject }),
    ...time("openedFrom", "--opened-from", options.openedFrom),
    ...time("openedTo", "--opened-to", options.openedTo),
    ...time("dueFrom", "--due-from", options.dueFrom),
    ...time("dueTo", "--due-to", options.dueTo),
    testPatients: config.sites.flatMap((site) => site.testPatients.map((name) => ({ site: site.name, name }))),
  };
}

function checkNames<T extends string>(option: string, given: readonly string[], known: readonly T[]): T[] {
  return given.map((word) => {
    const name = known.find((each) => each === word);
    if (name !== undefined) return name;
    const choice = known.length === 0 ? "Nothing has been scanned yet." : `It may be: ${known.join(", ")}.`;
    throw new UserError("unknown-filter-value", `${option} "${word}" is not known.${didYouMean(word, known)}`, choice);
  });
}

function time(field: "openedFrom" | "openedTo" | "dueFrom" | "dueTo", option: string, text: string | undefined): FindingFilter {
  if (text === undefined) return {};
  const at = parseRfc3339(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (at === undefined)
    throw new UserError(
      "not-a-time",
      `${option} "${text}" is no time.`,
      "Write a date (2026-03-16) or a time with its zone (2026-03-16T09:00:00Z).",
    );
  return { [field]: at };
}

/** Undefined: no limit. */
export function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UserError("not-a-number", `--limit "${text}" is no number of findings.`, "Write a whole number of 1 or more.");
  return Number(text);
}
