import { codesOf, keyOfReference, type GivenRecord } from "./given-record.ts";

const results = (
  "LAB CH HM MB CP CTH SP BLB VR OTH RAD RX CT NMR MR US NMS RUS CUS VUS OUS XRC NRS EN PAT IMM TX GE BG CG MCB MYC OSL PAR SR URN IMG AU EC " +
  "ICU OT PF PHR PT RC RT LP29684-5 LP29708-2 LP7839-6 108252007 15220000 363679005 394914008"
).split(" ");
const notes = "34117-2 11488-4 11506-3 28570-0 18842-5 34111-5 51847-2".split(" ");
const tests = ["laboratory", "imaging", "procedure"];
const noTests = ["vital-signs", "survey", "social-history", "exam", "therapy", "activity"];

/** Whether its category alone leaves open that it is a result. */
export function mayBeResult({ category, result = [] }: GivenRecord): boolean {
  const codes = codesOf(category);
  return codes.some((code) => results.includes(code)) || result.length > 0 || !codes.some((code) => notes.includes(code));
}

/** signals.md, "What is a result": by its category; without such a one, by the categories of the Observations that it names. */
export function isResult(report: GivenRecord, observations: ReadonlyMap<string, GivenRecord>): boolean {
  const { category, result = [] } = report;
  const codes = codesOf(category);
  if (codes.some((code) => results.includes(code))) return true;
  if (result.length === 0) return !codes.some((code) => notes.includes(code));
  return result.some((each) => {
    const own = codesOf(observations.get(keyOfReference(each) ?? "")?.category);
    return own.some((code) => tests.includes(code)) || !own.some((code) => noTests.includes(code));
  });
}
