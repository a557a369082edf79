import { writeFileSync } from "node:fs";
import { join } from "node:path";

const start = Date.parse("2025-12-01T00:00:00Z");
const hour = 3_600_000;

/**
 * Clinical records as Synthea exports them: no meta, no order, no audit trail, no Task; some with a range, one critical; some reports without
 * a category, which are results by what they name. Some patients turn sixteen meanwhile, of some no day of birth is known: their sodium is
 * critical by a child's limit.
 */
export function writePopulation(folder: string, patients: number): void {
  const lines: Record<string, object[]> = { Patient: [], Encounter: [], Observation: [], DiagnosticReport: [], Claim: [] };
  const add = (type: string, id: string, content: object): void => void lines[type]?.push({ resourceType: type, id, ...content });
  for (let patient = 1; patient <= patients; patient += 1) {
    const births = { 1: "2009", 2: "2010", 3: undefined, 4: "2010-02-08", 5: "2010-02" } as Record<number, string | undefined>;
    add("Patient", `p${patient}`, { birthDate: patient % 10 in births ? births[patient % 10] : "1960-01-01" });
    const subject = { reference: `Patient/p${patient}` };
    for (let visit = 1; visit <= 6; visit += 1) {
      const id = `p${patient}-${visit}`;
      const at = start + (patient * 13 + visit * 331) * hour;
      const encounter = { reference: `Encounter/${id}` };
      add("Encounter", id, {
        status: "finished",
        class: { code: visit % 3 === 0 ? "EMER" : "AMB" },
        subject,
        period: { start: iso(at), end: iso(at + hour) },
      });
      const potassium = visit % 2 === 0 ? 7.1 : 4.2;
      add("Observation", `${id}-k`, {
        status: "final",
        category: [{ coding: [{ code: "laboratory" }] }],
        code: { coding: [{ system: "http://loinc.org", code: "6298-4", display: "Potassium" }] },
        subject,
        effectiveDateTime: iso(at),
        issued: iso(at + hour),
        valueQuantity: { value: potassium, unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" },
        ...(visit === 1 && { referenceRange: [{ high: { value: 4, unit: "mmol/L", code: "mmol/L" } }] }),
      });
      add("Observation", `${id}-na`, {
        status: "final",
        category: [{ coding: [{ code: "laboratory" }] }],
        code: { coding: [{ system: "http://loinc.org", code: "2951-2", display: "Sodium" }] },
        subject,
        effectiveDateTime: iso(at),
        issued: iso(at + hour),
        valueQuantity: { value: 127, unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" },
      });
      add("Observation", `${id}-s`, { status: "final", category: [{ coding: [{ code: "survey" }] }], code: { text: "Smoking" }, subject });
      const issued = { status: "final", subject, encounter, effectiveDateTime: iso(at), issued: iso(at + hour) };
      add("DiagnosticReport", `${id}-s`, { ...issued, code: { text: "Survey" }, result: [{ reference: `Observation/${id}-s` }] });
      const note = {
        category: [{ coding: [{ system: "http://loinc.org", code: "34117-2" }] }],
        code: { text: "History and physical note" },
      };
      add("DiagnosticReport", `${id}-n`, { ...issued, ...note });
      add("DiagnosticReport", id, {
        ...issued,
        ...(visit !== 5 && { category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }] }),
        code: { text: "Basic metabolic panel" },
        result: [{ reference: `Observation/${id}-k` }, ...(visit > 4 ? [{ reference: `Observation/${id}-na` }] : [])],
      });
      add("Claim", id, { status: "active" });
    }
  }
  for (const [type, records] of Object.entries(lines)) {
    writeFileSync(join(folder, `${type}.ndjson`), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
