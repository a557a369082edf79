import { overdueSince, type Finding } from "../domain/finding.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { unassignedTeam } from "../domain/viewer.ts";
import type { Case } from "../store/case.ts";
import type { EncounterPlace } from "../store/encounter-place.ts";
import type { PatientBanner } from "../store/patient-banner.ts";
import type { ResultValues } from "../store/result-values.ts";
import { priorityTags, statusTags, urgencyTags, verdictTags, type Tag } from "./finding-words.ts";
import { viewIdentity, type IdentityView } from "./identity-view.ts";
import { showTime, type ShownTime } from "./show-time.ts";
import { viewValues, type ValuesView } from "./values-view.ts";

/** What the records say around the findings of a site. */
export interface SiteContext {
  readonly timeZone: string;
  /** When the site was last judged: how long overdue counts to then. */
  readonly judgedAt: Instant;
  /** The address of a patient in the EPR, `{id}` for the id; absent: no link. */
  readonly eprLink: string | undefined;
  readonly banners: ReadonlyMap<string, PatientBanner>;
  readonly places: ReadonlyMap<string, EncounterPlace>;
  /** By finding. */
  readonly values: ReadonlyMap<string, ResultValues>;
  /** What people call teams and those who acted. */
  readonly names: ReadonlyMap<string, string>;
}

/** One row of the worklist: what, who, where, how long, whose, what next. */
export interface CaseRowView {
  readonly href: string;
  readonly what: string;
  readonly tags: readonly Tag[];
  readonly signal: string;
  readonly values: ValuesView | undefined;
  readonly who: IdentityView;
  readonly eprHref: string | undefined;
  readonly where: string;
  readonly overdue: string;
  readonly since: ShownTime;
  readonly whose: string;
  readonly status: Tag;
  readonly statusReason: string | null;
  readonly next: string;
  readonly others: readonly { readonly text: string; readonly verdict: Tag; readonly due: ShownTime }[];
}

export function viewCaseRow(
  each: Case,
  href: string,
  context: SiteContext,
  signals: ReadonlyMap<string, Signal>,
  now: Instant,
): CaseRowView {
  const [first, ...others] = each.findings;
  const { timeZone } = context;
  return {
    href,
    what: titleOf(first),
    tags: urgencyOf(first),
    signal: signals.get(first.signal)?.title ?? first.signal,
    values: viewValues(context.values.get(first.id), timeZone),
    who: viewIdentity(first.patient, context.banners.get(first.patient ?? ""), now, timeZone),
    eprHref: eprHref(context.eprLink, first.patient),
    where: whereOf(first, context),
    overdue: inWords(Math.max(0, context.judgedAt - overdueSince(first))),
    since: showTime(overdueSince(first), timeZone),
    whose: whoseOf(first, context),
    status: statusTags[each.status],
    statusReason: first.statusReason,
    next: signals.get(first.signal)?.nextSteps[0] ?? "",
    others: others.map((other) => ({
      text: `${signals.get(other.signal)?.title ?? other.signal}${other.title === first.title ? "" : `: ${titleOf(other)}`}`,
      verdict: verdictTags[other.verdict],
      due: showTime(overdueSince(other), timeZone),
    })),
  };
}

export function titleOf({ title, subject }: Pick<Finding, "title" | "subject">): string {
  return title ?? subject;
}

/** How urgent a result is; of an order or a Task, what was asked for. */
export function urgencyOf({ urgency, priority }: Pick<Finding, "urgency" | "priority">): Tag[] {
  return [...(urgency === null ? [] : [urgencyTags[urgency]]), ...(priority === null ? [] : [priorityTags[priority]])];
}

export function whoseOf({ team }: Pick<Finding, "team">, { names }: Pick<SiteContext, "names">): string {
  return team === unassignedTeam ? "Nobody’s yet" : (names.get(team) ?? team);
}

const settings: Readonly<Record<string, string>> = {
  EMER: "emergency",
  IMP: "inpatient",
  ACUTE: "inpatient",
  NONAC: "inpatient",
  AMB: "outpatient",
  VR: "virtual",
};

/** `north: Acute Medical Unit, inpatient`: as far as the encounter says it. */
export function whereOf({ site, encounter }: Pick<Finding, "site" | "encounter">, { places }: Pick<SiteContext, "places">): string {
  const place = places.get(encounter ?? "");
  const setting = settings[place?.classCode?.toUpperCase() ?? ""];
  return `${site}: ${[place?.provider, setting].filter((part) => part !== undefined).join(", ") || "ward or clinic not said"}`;
}

/** Only ids go into the address, and nothing of a patient but what the site's own template asks for. */
export function eprHref(template: string | undefined, patient: string | null): string | undefined {
  const id = /^Patient\/([^/#|]+)$/.exec(patient ?? "")?.[1];
  return template === undefined || id === undefined ? undefined : template.replaceAll("{id}", encodeURIComponent(id));
}
