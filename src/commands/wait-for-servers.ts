import { setTimeout as sleepFor } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import { exactDurationMs } from "../domain/duration.ts";
import { UserError } from "../domain/user-error.ts";
import { openFhirServer, type Patience } from "../fhir/fhir-server.ts";
import type { Runtime } from "./runtime.ts";

/** Between two questions at least, and half as long again on average. */
const pauseMs = 2_000;
const answerMs = 10_000;

/** @throws UserError `wait-unreadable` */
export function readWait(text: string | undefined): number {
  const ms = text === undefined ? 0 : exactDurationMs(text);
  if (ms === undefined) throw new UserError("wait-unreadable", `--wait "${text}" is no duration.`, "Write it like PT10M.");
  return ms;
}

/** Waits about so long for FHIR servers that start together with this process. One that never answers is the first scan's to tell. */
export async function waitForServers(
  { clock, random }: Pick<Runtime, "clock" | "random">,
  { sites }: Pick<Config, "sites">,
  waitMs: number,
  sleep: Patience["sleep"] = sleepFor,
): Promise<void> {
  if (waitMs === 0) return;
  const waitsMs = Array.from({ length: Math.ceil(waitMs / (1.5 * pauseMs)) }, () => pauseMs);
  const servers = sites.flatMap(({ sources }) => sources.flatMap((source) => ("url" in source ? [source] : [])));
  await Promise.allSettled(
    servers.map(async ({ url, access }) =>
      openFhirServer({ base: url, access, clock, random, patience: { waitsMs, timeoutMs: answerMs, sleep } }).get("metadata"),
    ),
  );
}
