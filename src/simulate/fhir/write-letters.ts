import type { Chart } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import { letterRecord } from "../letter-record.ts";
import type { Letter } from "../pathway.ts";
import { iso } from "./iso.ts";
import { concept, recordOf, reference, type FhirRecord, type Json, type Version } from "./record.ts";

const LOINC = "http://loinc.org";
const SNOMED = "http://snomed.info/sct";
const types: Readonly<Record<Letter["kind"], Json>> = {
  "discharge-summary": concept(LOINC, "18842-5", "Discharge summary"),
  "clinic-letter": concept(SNOMED, "823691000000103", "Clinical letter"),
};

/** The letters, and the messages that some of them went out by. */
export function* writeLetters(chart: Chart): Generator<FhirRecord> {
  for (const letter of chart.letters) {
    const key = letterRecord(chart, letter);
    yield* recordOf(key, listVersions(chart, letter));
    if (letter.sent?.via !== "message") continue;
    const content: Json = {
      status: "completed",
      subject: reference(chart.patient.key),
      about: [reference(key)],
      sent: iso(letter.sent.at),
      sender: reference(letter.by.key),
      recipient: [{ display: "The patient's GP" }],
    };
    yield* recordOf(`Communication/${letter.id}-sent`, [{ at: letter.sent.at, content }]);
  }
}

function listVersions({ patient, hospital }: Chart, letter: Letter): Version[] {
  const { kind, encounter, by, draftedAt, signedAt, voidedAt } = letter;
  const isComposed = dialectOf[hospital.options.dialect].letters === "Composition";
  const begunAt = draftedAt ?? signedAt ?? 0;
  const content = (status: string): Json => ({
    ...(isComposed
      ? { status, title: types[kind]["text"], encounter: reference(encounter.key) }
      : {
          status: status === "entered-in-error" ? status : "current",
          docStatus: status,
          context: { encounter: [reference(encounter.key)] },
        }),
    type: types[kind],
    subject: reference(patient.key),
    date: iso(begunAt),
    author: [reference(by.key)],
  });
  return [
    ...(draftedAt === undefined ? [] : [{ at: draftedAt, content: content("preliminary") }]),
    ...(signedAt === undefined ? [] : [{ at: signedAt, content: content("final") }]),
    ...(voidedAt === undefined ? [] : [{ at: voidedAt, content: content("entered-in-error") }]),
  ];
}
