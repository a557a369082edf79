import { hash } from "node:crypto";
import type { Instant } from "./instant.ts";

/** Which period of which series an alarm is of. Source and type are empty where it is of the whole site. */
export interface AlarmOf {
  readonly site: string;
  readonly signal: string;
  readonly source: string;
  readonly type: string;
  readonly from: Instant;
}

/** The same alarm has the same id on every run and machine: a UUID made of the hash of what it is of. */
export function alarmId({ site, signal, source, type, from }: AlarmOf): string {
  const digest = hash("sha256", ["alarm", site, signal, source, type, String(from)].join("\u0000"), "hex");
  // Version 8, made by a rule of one's own (RFC 9562); 8 is also the variant.
  return digest.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-8$3-8$4-$5");
}
