import { stringify } from "csv-stringify/sync";
import type { Finding, ShownEvidence, ShownGap } from "../domain/finding.ts";

type Cell = string | number | null;

/** One column each; lists as text, one entry after another. */
const columns: Readonly<Record<string, (finding: Finding) => Cell>> = {
  id: (finding) => finding.id,
  site: (finding) => finding.site,
  signal: (finding) => finding.signal,
  signalVersion: (finding) => finding.signalVersion,
  edition: (finding) => finding.edition,
  tier: (finding) => finding.tier,
  severity: (finding) => finding.severity,
  verdict: (finding) => finding.verdict,
  reason: (finding) => finding.reason,
  status: (finding) => finding.status,
  subject: (finding) => finding.subject,
  case: (finding) => finding.case,
  title: (finding) => finding.title,
  urgency: (finding) => finding.urgency,
  priority: (finding) => finding.priority,
  patient: (finding) => finding.patient,
  encounter: (finding) => finding.encounter,
  team: (finding) => finding.team,
  openedAt: (finding) => finding.openedAt,
  dueAt: (finding) => finding.dueAt,
  metAt: (finding) => finding.metAt,
  limit: (finding) => finding.limit.duration,
  limitBasis: (finding) => finding.limit.basis,
  coverageComplete: (finding) => String(finding.coverage.complete),
  gaps: (finding) => finding.coverage.gaps.map(gapText).join("; "),
  cancellingGaps: (finding) => finding.cancellingGaps.map(gapText).join("; "),
  evidence: (finding) => finding.evidence.map(evidenceText).join("; "),
  explanation: (finding) => finding.explanation,
  exclusions: (finding) => finding.exclusions.map(({ name, outcome }) => `${name} ${outcome}`).join("; "),
};

/** A row a finding. Cells that a spreadsheet would take for a formula begin with an apostrophe. */
export function findingsCsv(findings: readonly Finding[], withHeader: boolean): string {
  const rows = findings.map((finding) => Object.values(columns).map((cell) => cell(finding)));
  const text = stringify(rows, { escape_formulas: true, ...(withHeader && { header: true, columns: Object.keys(columns) }) });
  return text.trimEnd();
}

function gapText({ type, why, from, to }: ShownGap): string {
  return `${type} ${why} ${from} to ${to}`;
}

function evidenceText({ activity, at, actor, record }: ShownEvidence): string {
  return [activity, at, actor, record].filter((part) => part !== null).join(" ");
}
