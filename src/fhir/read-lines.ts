import { isAscii, isUtf8 } from "node:buffer";
import { decodeUtf8 } from "./parse-json.ts";

/** A longer line is not read: no FHIR resource of this size belongs in a stream, and memory must stay bounded. */
export const maxLineBytes = 64 * 1024 * 1024;

/** What is kept of something too large to be kept whole. */
export const keptOfTooLarge = 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its newline and byte order mark; of one with a fault each byte as the Latin-1 letter of its number. */
  readonly text: string;
  /** Of a line that is too large only the first `keptOfTooLarge` is kept. */
  readonly fault?: "too-large" | "not-utf8";
  /** False for a last line that no newline ends. */
  readonly ended: boolean;
}

/** Splits bytes at newlines, a batch of lines for each piece of input. What comes before an error of the input is given first. */
export async function* readLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let number = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const add = (part: Buffer): void => {
    // Beyond the limit nothing more is held, only counted.
    if (pendingBytes <= maxLineBytes) pending.push(part);
    pendingBytes += part.length;
  };
  const finish = (ended: boolean): Line => {
    const tooLarge = pendingBytes > maxLineBytes;
    const whole = Buffer.concat(pending);
    [number, pending, pendingBytes] = [number + 1, [], 0];
    if (!tooLarge) return { number, ...readText(whole), ended };
    return { number, text: whole.toString("latin1", 0, keptOfTooLarge), fault: "too-large", ended };
  };

  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const piece of pieces) {
      const last = piece.lastIndexOf(newline);
      if (last === -1) {
        add(piece);
        continue;
      }
      const lines: Line[] = [];
      let start = 0;
      if (pendingBytes > 0) {
        start = piece.indexOf(newline) + 1;
        add(piece.subarray(0, start - 1));
        lines.push(finish(true));
      }
      if (start <= last) number = splitLines(piece.subarray(start, last), number, lines);
      if (last + 1 < piece.length) add(piece.subarray(last + 1));
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    failure = { error };
  }
  if (pendingBytes > 0) yield [finish(false)];
  if (failure !== undefined) throw failure.error;
}

const newline = 10;
const byteOrderMark = 0xfeff;

/** Whole lines, less the last newline; returns the number of the last. */
function splitLines(bytes: Buffer, before: number, lines: Line[]): number {
  let number = before;
  // All at once, for lines are then parts of one text and need not be copied; but one bad line must not spoil the others.
  const text = isAscii(bytes) ? bytes.toString("latin1") : isUtf8(bytes) ? bytes.toString("utf8") : undefined;
  if (text === undefined) {
    for (let start = 0; start <= bytes.length;) {
      const found = bytes.indexOf(newline, start);
      const end = found === -1 ? bytes.length : found;
      lines.push({ number: (number += 1), ...readText(bytes.subarray(start, end)), ended: true });
      start = end + 1;
    }
    return number;
  }
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const isMarked = text.charCodeAt(start) === byteOrderMark;
    lines.push({ number: (number += 1), text: text.slice(isMarked ? start + 1 : start, end), ended: true });
    start = end + 1;
  }
  return number;
}

function readText(bytes: Buffer): Pick<Line, "text" | "fault"> {
  const text = decodeUtf8(bytes);
  return text === undefined ? { text: bytes.toString("latin1"), fault: "not-utf8" } : { text };
}
