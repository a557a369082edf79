import type { BulkSettings } from "../config/config.ts";
import type { AskBulk } from "../fhir/bulk-requests.ts";
import type { Patience } from "../fhir/fhir-server.ts";
import type { Instant } from "../domain/instant.ts";
import type { ServerToRead } from "./pull-server.ts";
import type { ServerPull } from "./server-pull.ts";

/** A FHIR server that is asked to export. */
export interface ServerToExport extends ServerToRead {
  readonly bulk: BulkSettings;
}

/** One pull of a server by exports: the same as of any server, and what all its exports share. */
export interface BulkPull extends ServerPull {
  readonly ask: AskBulk;
  readonly settings: BulkSettings;
  /** `system`, `patient` or `group/ID`. */
  readonly level: string;
  /** What is asked for; empty: whatever the server has. */
  readonly wanted: readonly string[];
  readonly clock: () => Instant;
  readonly random: () => number;
  readonly patience: Pick<Patience, "waitsMs" | "sleep">;
  /** How much longer this pull may wait for exports; milliseconds. */
  readonly budget: { leftMs: number };
  readonly onWait: (wait: ExportWait) => void;
}

/** Told while an export is waited for. */
export interface ExportWait {
  readonly source: string;
  readonly begunAt: Instant;
  /** Of a hundred, where the server says so. */
  readonly percent: number | undefined;
  /** How long until it is asked after again. */
  readonly nextMs: number;
}

export const usualPatience: BulkPull["patience"] & { readonly timeoutMs: number } = {
  waitsMs: [500, 1_000, 2_000],
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timeoutMs: 60_000,
};

/** Clients that were turned away together must not come back together. */
export function jitter({ random }: Pick<BulkPull, "random">, waitMs: number): number {
  return waitMs + Math.round(random() * waitMs);
}
