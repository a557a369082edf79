import { isUtf8 } from "node:buffer";

/** UTF-8 without its byte order mark; undefined where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString("utf8", marked ? 3 : 0);
}

/** Many times what any resource nests; some thousands more and the value could be read, but never be written again. */
const deepest = 2_000;

export type Parsed = { readonly value: unknown } | { readonly error: "not-json" | "truncated" | "too-deep" };

/** Never passes on what the parser says: its messages quote the text, and the text is a patient's. */
export function parseJson(text: string): Parsed {
  try {
    const value = JSON.parse(text) as unknown;
    return isTooDeep(text) ? { error: "too-deep" } : { value };
  } catch (error) {
    return { error: endsTooSoon(error, text) ? "truncated" : "not-json" };
  }
}

/** Where a text stops being JSON, from 1; its end where it is only cut short. */
export function placeOfJsonError(text: string): { line: number; column: number } {
  // The longest start that is JSON as far as it goes; the parser itself tells the place of some errors only.
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const start = text.slice(0, middle);
    const parsed = parseJson(start);
    if ("value" in parsed || parsed.error === "truncated") good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Of text that is JSON. What opens must close, so that a short text needs no look. */
function isTooDeep(text: string): boolean {
  if (text.length <= 2 * deepest) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === quote) at = endOfString(text, at);
    else if (letter === openBracket || letter === openBrace) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (letter === closeBracket || letter === closeBrace) depth -= 1;
  }
  return false;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [34, 92, 91, 93, 123, 125];

/** The place of the quote that ends the string which starts here. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === backslash) before -= 1;
  return (at - before) % 2 === 1;
}

function endsTooSoon(error: unknown, text: string): boolean {
  const message = error instanceof Error ? error.message : "";
  if (/^(Unexpected end of JSON input|Unterminated string)/.test(message)) return true;
  const position = /at position (\d+) \(line \d+ column \d+\)$/.exec(message)?.[1];
  return position !== undefined && Number(position) >= text.length;
}
