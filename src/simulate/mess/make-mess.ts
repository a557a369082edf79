import type { FhirRecord } from "../fhir/record.ts";
import type { Mess } from "../options.ts";
import { loseSilently } from "./lose.ts";
import { isOut, type Outage } from "./outages.ts";
import { storeLate } from "./store-late.ts";

/** What is left of the records, as the EPR's export brings them. */
export function* makeMess(records: Iterable<FhirRecord>, seed: number, mess: Mess, outages: readonly Outage[]): Generator<FhirRecord> {
  for (const record of records) {
    const late = mess.declared > 0 ? storeLate(seed, mess.declared, record) : record;
    if (isOut(outages, late)) continue;
    const left = mess.undeclared > 0 ? loseSilently(seed, mess.undeclared, late) : late;
    if (left !== undefined) yield left;
  }
}
