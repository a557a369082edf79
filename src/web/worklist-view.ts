import { count } from "../domain/count.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { currentStatuses } from "../domain/status.ts";
import { urgencies } from "../domain/verdict.ts";
import { unassignedTeam } from "../domain/viewer.ts";
import type { KnownNames } from "../insight/read-finding-filter.ts";
import type { UnknownCause } from "../insight/unknown-cause.ts";
import type { CasePage } from "../store/case.ts";
import type { FindingCounts } from "../store/held-back.ts";
import { viewCaseRow, type CaseRowView, type SiteContext } from "./case-row-view.ts";
import { statusTags, urgencyTags } from "./finding-words.ts";
import { worklistHref, writeWorklistQuery, type WorklistQuery } from "./worklist-query.ts";

export interface WorklistView {
  readonly cases: readonly CaseRowView[];
  readonly counts: readonly string[];
  readonly empty: EmptyView | undefined;
  readonly unknowns: readonly (Omit<UnknownCause, "signals"> & { readonly signals: string })[];
  readonly filters: readonly FilterView[];
  readonly isFiltered: boolean;
  readonly firstHref: string | undefined;
  readonly nextHref: string | undefined;
}

interface EmptyView {
  readonly heading: string;
  readonly text: string;
}

interface FilterView {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
}

/** What the worklist is made of. */
export interface WorklistParts {
  readonly query: WorklistQuery;
  readonly page: CasePage;
  /** Of missed findings over all pages. */
  readonly counts: FindingCounts;
  readonly unknowns: readonly UnknownCause[];
  readonly contexts: ReadonlyMap<string, SiteContext>;
  readonly signals: ReadonlyMap<string, Signal>;
  readonly known: KnownNames;
  /** What people call teams. */
  readonly teamNames: ReadonlyMap<string, string>;
  readonly seen: "nothing" | "part" | "all";
  readonly now: Instant;
}

export function viewWorklist({
  query,
  page,
  counts,
  unknowns,
  contexts,
  signals,
  known,
  teamNames,
  seen,
  now,
}: WorklistParts): WorklistView {
  const { after, ...asked } = query;
  const list = writeWorklistQuery(query);
  const isFiltered = Object.keys(asked).length > 0;
  const cases = page.cases.flatMap((each) => {
    const context = contexts.get(each.site);
    const href = `/findings/${each.findings[0].id}${list === "" ? "" : `?list=${encodeURIComponent(list)}`}`;
    return context ? [viewCaseRow(each, href, context, signals, now)] : [];
  });
  return {
    cases,
    counts: countLines(counts),
    empty: cases.length > 0 ? undefined : emptyView(seen, isFiltered || after !== undefined),
    unknowns: unknowns.map((cause) => ({ ...cause, signals: cause.signals.map((id) => signals.get(id)?.title ?? id).join("; ") })),
    filters: viewFilters(query, known, signals, teamNames),
    isFiltered,
    firstHref: after === undefined ? undefined : worklistHref(asked),
    nextHref: page.next && worklistHref({ ...asked, after: page.next }),
  };
}

function countLines({ byVerdict, unassigned, restricted, testPatients }: FindingCounts): string[] {
  const missed = byVerdict.missed ?? 0;
  return [
    `${count(missed, "step")} missed.`,
    ...(unassigned > 0 ? [`${unassigned} of them nobody’s yet: shown to every team until somebody takes them.`] : []),
    ...(restricted > 0 ? [`${restricted} more on restricted records are not shown to you.`] : []),
    ...(testPatients > 0 ? [`${testPatients} more of test patients are left out.`] : []),
  ];
}

/** An empty list is no statement that nobody was missed. */
function emptyView(seen: WorklistParts["seen"], isFiltered: boolean): EmptyView {
  if (seen === "nothing")
    return { heading: "Nothing has been judged yet", text: "That this list is empty says nothing. Read some records first: start a scan." };
  if (isFiltered) return { heading: "No case fits these filters", text: "Others may be on the worklist: clear the filters to see them." };
  if (seen === "part")
    return {
      heading: "Nothing was found, but not everything was seen",
      text: "That does NOT mean that nothing was missed. See above what was not seen, and what to do about it.",
    };
  return {
    heading: "Nothing missed is left to look at",
    text: "All that the signals need was seen, and every case that they found has been reviewed. What nobody recorded, no signal can find.",
  };
}

function viewFilters(
  query: WorklistQuery,
  known: KnownNames,
  signals: ReadonlyMap<string, Signal>,
  teamNames: ReadonlyMap<string, string>,
): FilterView[] {
  const teamText = (key: string): string => (key === unassignedTeam ? "Nobody’s yet" : (teamNames.get(key) ?? key));
  return [
    ...(known.sites.length > 1 ? [filter("site", "Site", "All sites", query.site, known.sites)] : []),
    filter("team", "Whose", "All teams", query.team, known.teams, teamText),
    filter("signal", "What was missed", "All signals", query.signal, known.signals, (id) => signals.get(id)?.title ?? id),
    filter("urgency", "Urgency", "Any urgency", query.urgency, urgencies, (urgency) => urgencyTags[urgency].text),
    filter("status", "Status", "Any current status", query.status, currentStatuses, (status) => statusTags[status].text),
  ];
}

function filter<T extends string>(
  name: string,
  label: string,
  all: string,
  chosen: string | undefined,
  values: readonly T[],
  textOf: (value: T) => string = (value) => value,
): FilterView {
  const options = values.map((value) => ({ value, text: textOf(value), selected: value === chosen }));
  return { name, label, options: [{ value: "", text: all, selected: chosen === undefined }, ...options] };
}
