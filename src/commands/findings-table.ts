import { overdueSince, type Finding } from "../domain/finding.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import type { FindingCounts } from "../store/held-back.ts";
import { showTable } from "./show-table.ts";

/** What the table calls patients and teams, where their records say it. */
export type Names = ReadonlyMap<string, string>;

/** One row a finding, in the order given; the site only where there are several. */
export function findingsTable(findings: readonly Finding[], names: Names, judgedAt: ReadonlyMap<string, Instant>): string {
  const called = (site: string, key: string | null): string => (key === null ? "not named" : (names.get(`${site} ${key}`) ?? key));
  const hasSites = new Set(findings.map((finding) => finding.site)).size > 1;
  return showTable(
    [...(hasSites ? ["Site"] : []), "Verdict", "What", "Patient", "Overdue", "Team", "Status", "Finding"],
    findings.map((finding) => [
      ...(hasSites ? [finding.site] : []),
      finding.urgency === "critical" ? `${finding.verdict}, critical` : finding.verdict,
      `${finding.title ?? finding.subject} (${finding.signal})`,
      called(finding.site, finding.patient),
      overdue(finding, judgedAt.get(finding.site)),
      called(finding.site, finding.team),
      finding.status,
      finding.id,
    ]),
  );
}

/** How long past due it was when it was judged, or was when it was done. */
function overdue(finding: Finding, judgedAt: Instant | undefined): string {
  const { dueAt, metAt, verdict } = finding;
  if (dueAt === null) return "";
  const end = metAt === null ? judgedAt : Date.parse(metAt);
  if (end === undefined) return "";
  const late = end - overdueSince(finding);
  if (verdict === "unknown") return late <= 0 ? "not yet due" : `${inWords(late)}, if at all`;
  if (late < 0) return "not yet due";
  return metAt === null ? inWords(late) : `${inWords(late)} (then done)`;
}

/** How many there are, and what is left out. */
export function countLines(shown: number, counts: FindingCounts): string[] {
  const { missed = 0, late = 0, unknown = 0, ...others } = counts.byVerdict;
  const rest = Object.entries(others).map(([verdict, count]) => `${count} ${verdict}`);
  const total = Object.values(counts.byVerdict).reduce((sum, count) => sum + count, 0);
  const held = [
    counts.testPatients > 0 ? `${counts.testPatients} of test patients` : "",
    counts.restricted > 0 ? `${counts.restricted} on restricted records` : "",
  ].filter(Boolean);
  return [
    `${total} ${total === 1 ? "finding" : "findings"}: ${[`${missed} missed`, `${late} late`, `${unknown} unknown`, ...rest].join(", ")}; ${counts.unassigned} of no team.${shown < total ? ` The first ${shown} are shown (--limit).` : ""}`,
    ...(held.length > 0 ? [`Left out: ${held.join(", ")}.`] : []),
  ];
}
