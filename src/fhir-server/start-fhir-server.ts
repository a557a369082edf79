import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fhirApp } from "./fhir-app.ts";
import { loadHospital } from "./load-hospital.ts";
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
  readonly onDefect?: (error: unknown) => void;
}

export interface FhirServer {
  /** The FHIR base. */
  readonly url: string;
  readonly unservable: readonly Unservable[];
  close(): Promise<void>;
}

/**
 * A read-only FHIR server over a folder, on this machine's loopback alone: it asks nobody who they are.
 * @throws Error where the folder cannot be read, its `coverage.json` has another shape, or the port is taken
 */
export async function startFhirServer(options: FhirServerOptions): Promise<FhirServer> {
  const { folder, port = 0, clock, shiftMs = 0, fhirVersion = "4.0.1", maxCount = 200, pageSize = 50, withhold = true } = options;
  const loaded = await loadHospital(folder, shiftMs, withhold);
  const onDefect = options.onDefect ?? (() => undefined);
  const server = createServer(fhirApp({ ...loaded, clock, fhirVersion, maxCount, pageSize, onDefect }));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`,
    unservable: loaded.unservable,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
