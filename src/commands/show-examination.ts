import { count } from "../domain/count.ts";
import type { SourceExamination } from "../insight/examine-source.ts";
import type { SampledType } from "../insight/examine-sample.ts";
import type { Readiness } from "../insight/signal-readiness.ts";
import type { SourceProblem } from "../insight/source-problem.ts";
import type { UnmappedShape } from "../insight/suggest-mapping.ts";
import { wrapText } from "./wrap-text.ts";

const states: Readonly<Record<Readiness["state"], string>> = { runs: "runs", blind: "RUNS PARTLY", "cannot-run": "CANNOT RUN" };
const shapesShown = 8;

/** What a look at a source found, at 80 columns: what stops it first, each with its mend; the mapping to paste; notes last. */
export function showExamination(examined: SourceExamination): string {
  const { source, kind, where, fhirVersion, problems, sampled, unmapped, mapping, signals } = examined;
  const bad = problems.filter(({ weight }) => weight !== "note");
  const notes = problems.filter(({ weight }) => weight === "note");
  const isStopped = problems.some(({ weight }) => weight === "stops");
  const paragraphs = [
    [
      wrapText(`Source ${source} (${kind} ${where}${fhirVersion === undefined ? "" : `, FHIR ${fhirVersion}`})`, 2),
      isStopped ? "CANNOT BE READ." : bad.length > 0 ? "CAN BE READ IN PART." : "Can be read.",
    ],
    bad.map(showProblem),
    isStopped ? [] : ["By what it offers and by the sample, the signals:", ...signals.map(showReadiness)],
    sampled.length === 0 ? [] : ["What the sample carries:", ...sampled.map(showSampled)],
    unmapped.length === 0 ? [] : ["What it says that we do not understand (the most frequent first):", ...showShapes(unmapped)],
    mapping === undefined ? [] : ["A mapping file to paste, and to correct by someone who knows this EPR:", "", mapping.trimEnd()],
    notes.length === 0 ? [] : ["Worth knowing:", ...notes.map(showProblem)],
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function showProblem({ weight, says, mend }: SourceProblem): string {
  return `${wrapText(`  ${weight === "note" ? "-" : "!"} ${says}`, 4)}\n${wrapText(`    ${mend}`, 4)}`;
}

function showReadiness({ id, isOn, state, because }: Readiness): string {
  const lines = because.flatMap(({ says, mend }) => [wrapText(`    ! ${says}`, 6), wrapText(`      ${mend}`, 6)]);
  return [`  ${id} (${isOn ? "on" : "off"}): ${states[state]}`, ...lines].join("\n");
}

function showSampled({ type, sampled, refused, shares }: SampledType): string {
  const usable = sampled - Object.values(refused).reduce((sum, each) => sum + each, 0);
  const said = Object.entries(shares).map(([what, number]) => `${what} ${usable === 0 ? 0 : Math.floor((100 * number) / usable)} %`);
  return wrapText(`  ${type}, ${sampled}${said.length > 0 ? `: ${said.join(", ")}` : ""}`, 4);
}

function showShapes(shapes: readonly UnmappedShape[]): string[] {
  const shown = shapes.slice(0, shapesShown).map((shape) => wrapText(`  ${shape.count} × ${sayShape(shape)}`, 6));
  const more = shapes.length - shown.length;
  return more > 0 ? [...shown, `  and ${count(more, "other form")}`] : shown;
}

/** `AuditEvent subtype RES-OPEN (urn:oid:1.2), action E; names DiagnosticReport`. */
function sayShape({ from, codes, names }: UnmappedShape): string {
  const elements = Object.entries(codes).map(
    ([element, each]) => `${element} ${each.map(({ system, code }) => (system === undefined ? code : `${code} (${system})`)).join(" or ")}`,
  );
  return `${from} ${elements.join(", ") || "without any code"}; names ${names.join(", ") || "no record"}`;
}
