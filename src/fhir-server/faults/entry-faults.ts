import type { JsonObject } from "../json-value.ts";
import { operationOutcome } from "../operation-outcome.ts";
import { entriesOf, nextOf, type Fault, type FaultContext } from "./fault.ts";
import { isList } from "./link-faults.ts";
import { isCount } from "./refusals.ts";

/** What is wrong with what stands on a page. */
export const entryFaults: readonly Fault[] = [
  { name: "reordered", lasts: "always", befalls: isList, does: { alters: reorder } },
  { name: "duplicates", lasts: "always", befalls: isList, does: { alters: repeat } },
  { name: "strangers", lasts: "always", befalls: isList, does: { alters: addStrangers } },
  { name: "count-estimated", lasts: "always", befalls: isCount, does: { alters: estimate } },
];

/** The first entry comes again at the end of the page, and the last again with the next page. */
function repeat(bundle: JsonObject, { base, trail }: FaultContext): JsonObject | undefined {
  const entries = entriesOf(bundle);
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const next = targetOf(nextOf(bundle), base);
  if (next !== undefined) trail.leave(next, last);
  return { ...bundle, entry: [...entries, first] };
}

/** Backwards, and the last one comes with the next page only. */
function reorder(bundle: JsonObject, { base, trail }: FaultContext): JsonObject | undefined {
  const entries = entriesOf(bundle);
  if (entries.length < 2) return undefined;
  const next = targetOf(nextOf(bundle), base);
  const last = entries.at(-1);
  if (next !== undefined && last !== undefined) trail.leave(next, last);
  return { ...bundle, entry: entries.slice(0, next === undefined ? undefined : -1).toReversed() };
}

/** What belongs to an answer, and what a server has to say about it: neither was asked for. */
function addStrangers(bundle: JsonObject): JsonObject | undefined {
  if (bundle["type"] !== "searchset") return undefined;
  const included = { resource: { resourceType: "Patient", id: "not-asked-for" }, search: { mode: "include" } };
  const said = { resource: operationOutcome("not-supported", "This entry is a fault, on purpose."), search: { mode: "outcome" } };
  return { ...bundle, entry: [said, ...entriesOf(bundle), included] };
}

function estimate(bundle: JsonObject): JsonObject | undefined {
  const { total } = bundle;
  return typeof total === "number" ? { ...bundle, total: Math.ceil(total * 1.1) + 1 } : undefined;
}

export function targetOf(link: string | undefined, base: string): string | undefined {
  return link?.startsWith(base) === true ? link.slice(base.length).replace(/^\//, "") : undefined;
}
