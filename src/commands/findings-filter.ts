import { UserError } from "../domain/user-error.ts";
import type { WrittenFilter } from "../insight/read-finding-filter.ts";

/** What commander reads of the command line. */
export interface FindingsOptions extends WrittenFilter {
  readonly json?: true;
  readonly csv?: true;
  readonly limit?: string;
}

/** `--due-from` */
export function optionOf(part: keyof WrittenFilter): string {
  return `--${part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Undefined: no limit. */
export function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UserError("not-a-number", `--limit "${text}" is no number of findings.`, "Write a whole number of 1 or more.");
  return Number(text);
}
