import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BulkOptions } from "./bulk-routes.ts";
import { fhirApp } from "./fhir-app.ts";
import { loadHospital } from "./load-hospital.ts";
import { planFaults, type FaultOptions } from "./faults/plan-faults.ts";
import { startFaultyFront } from "./faults/start-faulty-front.ts";
import type { Unservable } from "./read-files.ts";

export interface FhirServerOptions {
  /** Of `*.ndjson`, `*.ndjson.gz` and `*.json` files, read once at the start; subfolders included. */
  readonly folder: string;
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Moves all times of the hospital. */
  readonly shiftMs?: number;
  readonly fhirVersion?: string;
  /** A larger `_count` is cut to this. */
  readonly maxCount?: number;
  /** Where no `_count` is asked for. */
  readonly pageSize?: number;
  /** Refuse what the folder's `coverage.json` leaves out; the default. */
  readonly withhold?: boolean;
  /** Absent: it answers as it should. */
  readonly faults?: FaultOptions;
  readonly onDefect?: (error: unknown) => void;
  /** How it exports (`$export`); false: not at all. */
  readonly bulk?: Partial<BulkOptions> | false;
}

export interface FhirServer {
  /** The FHIR base. */
  readonly url: string;
  readonly unservable: readonly Unservable[];
  /** How often each of the faults that it was told to have really happened. */
  readonly happened: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const usualBulk: BulkOptions = { polls: 1, linesPerFile: 10_000, lifeMs: 3_600_000 };

/**
 * A read-only FHIR server over a folder, on this machine's loopback alone: it asks nobody who they are.
 * @throws Error where the folder cannot be read, its `coverage.json` has another shape, or the port is taken
 */
export async function startFhirServer(options: FhirServerOptions): Promise<FhirServer> {
  const { folder, port = 0, clock, shiftMs = 0, fhirVersion = "4.0.1", maxCount = 200, pageSize = 50, withhold = true } = options;
  const loaded = await loadHospital(folder, shiftMs, withhold);
  const onDefect = options.onDefect ?? (() => undefined);
  const bulk = options.bulk === false ? {} : { bulk: { ...usualBulk, ...options.bulk } };
  const server = createServer(fhirApp({ ...loaded, clock, fhirVersion, maxCount, pageSize, onDefect, ...bulk }));
  const plan = options.faults && planFaults(options.faults);
  server.listen(plan ? 0 : port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  const front = plan && (await startFaultyFront({ port, clock }));
  front?.leadTo(url);
  if (plan) front?.follow(plan);
  return {
    url: front?.url ?? url,
    unservable: loaded.unservable,
    happened: front?.happened ?? new Map(),
    async close() {
      await front?.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
