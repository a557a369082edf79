import { Refusal } from "./operation-outcome.ts";
import { timeParamsOf } from "./time-params.ts";
import { readTime, type TimeRange } from "./time-range.ts";

const prefixes = ["eq", "ge", "gt", "le", "lt"] as const;
type Prefix = (typeof prefixes)[number];

/** One bound on one parameter of type date; a record has to keep all of them. */
export interface TimeBound {
  readonly param: string;
  readonly prefix: Prefix;
  readonly range: TimeRange;
}

export interface Search {
  readonly type: string;
  readonly ids: ReadonlySet<string> | undefined;
  readonly bounds: readonly TimeBound[];
  readonly sort: { readonly param: string; readonly descending: boolean };
  readonly countOnly: boolean;
  readonly pageSize: number;
}

export interface PageSizes {
  readonly pageSize: number;
  readonly maxCount: number;
}

/** @throws Refusal naming what is not understood, and what would be */
export function parseSearch(type: string, params: URLSearchParams, sizes: PageSizes): Search {
  const timeParams = timeParamsOf(type);
  for (const name of new Set(params.keys())) {
    if (timeParams.includes(name)) continue;
    if (!["_id", "_count", "_sort", "_summary"].includes(name)) throw unsupported(type, "That search parameter is not known here.");
    if (params.getAll(name).length > 1) throw unsupported(type, `${name} may be given once.`);
  }
  const summary = params.get("_summary") ?? "false";
  if (summary !== "count" && summary !== "false") throw unsupported(type, "Of _summary only count is known.");
  const count = readCount(params);
  return {
    type,
    ids: params.has("_id") ? new Set(params.get("_id")?.split(",")) : undefined,
    bounds: timeParams.flatMap((param) => params.getAll(param).map((value) => readBound(type, param, value))),
    sort: readSort(type, params.get("_sort") ?? "_lastUpdated"),
    // FHIR: a count of nothing asks for the total alone.
    countOnly: summary === "count" || count === 0,
    pageSize: pageSizeFor(count, sizes),
  };
}

/** `_count`, where it is given. */
export function readCount(params: URLSearchParams): number | undefined {
  const count = params.get("_count");
  if (count === null) return undefined;
  if (!/^\d{1,9}$/.test(count)) throw new Refusal(400, "invalid", "_count has to be a whole number.");
  return Number(count);
}

/** Too large a wish is cut without a word, as servers do. */
export function pageSizeFor(count: number | undefined, { pageSize, maxCount }: PageSizes): number {
  return Math.min(count === undefined || count === 0 ? pageSize : count, maxCount);
}

function readBound(type: string, param: string, value: string): TimeBound {
  const prefix = prefixes.find((each) => value.startsWith(each));
  const range = readTime(prefix === undefined ? value : value.slice(2));
  if (range === undefined) {
    throw unsupported(
      type,
      `${param} is no FHIR date or time with one of the prefixes ${prefixes.join(", ")} (write the + of a zone as %2B).`,
    );
  }
  return { param, prefix: prefix ?? "eq", range };
}

function readSort(type: string, value: string): Search["sort"] {
  const descending = value.startsWith("-");
  const param = descending ? value.slice(1) : value;
  if (!timeParamsOf(type).includes(param)) throw unsupported(type, "Results are sorted by one parameter of type date.");
  return { param, descending };
}

function unsupported(type: string, problem: string): Refusal {
  const times = timeParamsOf(type).join(", ");
  return new Refusal(
    400,
    "not-supported",
    `${problem} ${type} can be searched by ${times} (repeatable; ${prefixes.join(", ")}) and _id (a list with commas), with _count, _summary=count and _sort by ${times} (- for descending).`,
  );
}
