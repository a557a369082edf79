import { setTimeout as sleepFor } from "node:timers/promises";
import { Client, type FhirResponse } from "fhir-kit-client";
import pRetry from "p-retry";
import type { Instant } from "../domain/instant.ts";
import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure, isPassing } from "./fhir-failure.ts";
import { asFhirFailure } from "./read-failure.ts";

/** One FHIR server, as far as reading goes. Nothing is ever written to it. */
export interface FhirServer {
  /** Base URL without a slash at the end. */
  readonly base: string;
  /**
   * What stands at a path below the base, or at a URL of the same origin. A passing failure is asked for again.
   * @throws FhirFailure
   */
  readonly get: (path: string) => Promise<Reply>;
}

export interface Reply {
  readonly body: JsonObject;
  /** The server's clock as the `Date` header says, to the second. */
  readonly date: Instant | undefined;
}

export interface FhirServerOptions {
  readonly base: string;
  /** Sent to this origin only. */
  readonly token?: string | undefined;
  readonly clock: () => Instant;
  /** For the whole of one answer, its body included. */
  readonly timeoutMs?: number;
  /** How often a passing failure is asked again, and how long the first wait is; each is twice the one before, and jittered. */
  readonly retries?: number;
  readonly firstWaitMs?: number;
}

/** A server that asks for more patience than this is asked again by the next pull. */
const longestWaitMs = 60_000;

export function openFhirServer(options: FhirServerOptions): FhirServer {
  const { base, token, clock, timeoutMs = 60_000, retries = 3, firstWaitMs = 500 } = options;
  // A redirect would carry the token to whoever is named there: it is an answer that we refuse.
  const client = new Client({
    baseUrl: base,
    requestOptions: { redirect: "manual" },
    ...(token === undefined ? {} : { bearerToken: token }),
  });

  async function ask(path: string): Promise<Reply> {
    let reply: FhirResponse;
    try {
      reply = await client.request(path, { options: { signal: AbortSignal.timeout(timeoutMs) } });
    } catch (error) {
      throw asFhirFailure(error, timeoutMs, clock());
    }
    if (!isObject(reply) || typeof reply["resourceType"] !== "string") {
      throw new FhirFailure("not-fhir", "answered with JSON that is no FHIR resource");
    }
    return { body: reply, date: dateOf(Client.httpFor(reply).response) };
  }

  return {
    base,
    get: (path) =>
      pRetry(() => ask(path), {
        retries,
        minTimeout: firstWaitMs,
        randomize: true,
        shouldRetry: async ({ error }) => {
          if (!(error instanceof FhirFailure) || !isPassing(error)) return false;
          const wanted = error.retryAfterMs ?? 0;
          if (wanted > longestWaitMs) return false;
          await sleepFor(wanted);
          return true;
        },
      }),
  };
}

function dateOf(response: Response | undefined): Instant | undefined {
  const at = Date.parse(response?.headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}
