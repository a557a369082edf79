import { UserError } from "../domain/user-error.ts";
import type { WrittenFilter } from "../insight/read-finding-filter.ts";
import { isUuid } from "../store/finding-filter.ts";
import type { Cursor } from "../store/finding-rows.ts";

const filterNames = ["site", "team", "signal", "urgency", "status"] as const;

/** What of the worklist is asked for, one value of each, all of it in the address; not checked against what there is. */
export type WorklistQuery = Readonly<Partial<Record<(typeof filterNames)[number], string>>> & { readonly after?: Cursor };

/** @throws UserError `not-a-cursor` */
export function readWorklistQuery(query: URLSearchParams): WorklistQuery {
  // A form sends the empty value of "all".
  const given = filterNames.flatMap((name) => [[name, query.get(name) ?? ""] as const]).filter(([, value]) => value !== "");
  const after = query.get("after") ?? "";
  return { ...Object.fromEntries(given), ...(after !== "" && { after: readCursor(after) }) };
}

/** As the address of the worklist has it, without the question mark; empty where nothing is asked. */
export function writeWorklistQuery(query: WorklistQuery): string {
  const written = new URLSearchParams();
  for (const name of filterNames) if (query[name] !== undefined) written.set(name, query[name]);
  if (query.after) written.set("after", `${query.after.rank}.${query.after.dueAt}.${query.after.id}`);
  return written.toString();
}

/** The address of the worklist where this is asked. */
export function worklistHref(query: WorklistQuery): string {
  const written = writeWorklistQuery(query);
  return written === "" ? "/" : `/?${written}`;
}

export function toWrittenFilter(query: WorklistQuery): WrittenFilter {
  return Object.fromEntries(filterNames.flatMap((name) => (query[name] === undefined ? [] : [[name, [query[name]]]])));
}

function readCursor(text: string): Cursor {
  const [rank = "", dueAt = "", id = "", ...more] = text.split(".");
  if (/^\d{1,3}$/.test(rank) && /^-?\d{1,15}$/.test(dueAt) && isUuid(id) && more.length === 0)
    return { rank: Number(rank), dueAt: Number(dueAt), id };
  throw new UserError("not-a-cursor", "This address of a later page is not whole.", "Go to the first page of the worklist.");
}
