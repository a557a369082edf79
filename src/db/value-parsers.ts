import { types } from "pg";
import type { CustomTypesConfig } from "pg";
import { parseTimestamp } from "./timestamp.ts";

type Parse = (text: string) => unknown;

/**
 * How a column's text becomes a JavaScript value, by type oid; what is not listed stays with pg's own parsers
 * (jsonb parsed, text[] as strings). Both kinds of database go through here, so neither can differ.
 */
const parsers: Record<number, Parse> = {
  17: parseBytes, // bytea
  20: BigInt, // bigint, so also count(*) and sum(integer)
  1016: (text) => parseElements(text, BigInt), // bigint[]
  1184: parseTimestamp, // timestamptz
  1185: (text) => parseElements(text, parseTimestamp), // timestamptz[]
  1700: Number, // numeric: our measured values, where a double is exact enough
  1231: (text) => parseElements(text, Number), // numeric[]
  1082: (text) => text, // date stays YYYY-MM-DD: pg would make it midnight in the machine's own zone
};

export const valueParsers: CustomTypesConfig = { getTypeParser: findParser };

function findParser(oid: number, format?: "text" | "binary"): Parse {
  const own = format === "binary" ? undefined : parsers[oid];
  return own ?? (types.getTypeParser as (oid: number, format?: string) => Parse)(oid, format);
}

/** A one-dimensional array whose elements hold neither commas, quotes nor backslashes, as numbers and times do. */
function parseElements<T>(text: string, parse: (element: string) => T): (T | null)[] {
  if (text === "{}") return [];
  if (!text.startsWith("{") || text.startsWith("{{")) throw new Error(`"${text}" is not an array of one dimension from 1.`);
  return text
    .slice(1, -1)
    .split(",")
    .map((element) => (element === "NULL" ? null : parse(element.replaceAll('"', ""))));
}

function parseBytes(text: string): Uint8Array {
  if (!text.startsWith("\\x")) throw new Error("A bytea came back in another format than hex: set bytea_output to hex.");
  // A plain Uint8Array: a Buffer would compare and serialise differently.
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}
