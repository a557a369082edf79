import { setTimeout as sleepFor } from "node:timers/promises";
import { Client, type FhirResponse } from "fhir-kit-client";
import type { Instant } from "../domain/instant.ts";
import type { ServerAccess } from "../config/server-access.ts";
import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure, isPassing } from "./fhir-failure.ts";
import { asFhirFailure, noResource } from "./read-failure.ts";
import { openDispatcher } from "./server-dispatcher.ts";
import { openSignIn } from "./sign-in.ts";

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
  /** Credentials are sent to this origin only. */
  readonly access?: ServerAccess | undefined;
  readonly clock: () => Instant;
  readonly patience?: Partial<Patience> | undefined;
}

/** How long a server is waited for, and how often. */
export interface Patience {
  /** For the whole of one answer, its body included. */
  readonly timeoutMs: number;
  /** Before a passing failure is asked for again: so often, at least so long; about twice as long each time. */
  readonly waitsMs: readonly number[];
  readonly sleep: (ms: number) => Promise<unknown>;
}

const usualPatience: Patience = { timeoutMs: 60_000, waitsMs: [500, 1_000, 2_000], sleep: sleepFor };

/** A server that asks for more patience than this is asked again by the next pull. */
const longestWaitMs = 60_000;

/** @throws UserError where a key, certificate or proxy that is named cannot be used */
export function openFhirServer({ base, access = {}, clock, patience }: FhirServerOptions): FhirServer {
  const { timeoutMs, waitsMs, sleep } = { ...usualPatience, ...patience };
  const dispatcher = openDispatcher(access, clock());
  const signIn = openSignIn(base, access.credentials, { dispatcher, timeoutMs, clock });
  // A redirect would carry the token to whoever is named there: it is an answer that we refuse.
  const client = new Client({
    baseUrl: base,
    requestOptions: { redirect: "manual", ...(dispatcher === undefined ? {} : { dispatcher }) },
    // An answer that a proxy kept has the clock, and the records, of another hour.
    customHeaders: { "Cache-Control": "no-cache" },
  });

  async function ask(path: string): Promise<Reply> {
    const authorization = await signIn.authorization();
    try {
      return await askAs(authorization, path);
    } catch (error) {
      const isRefused = error instanceof FhirFailure && error.status === 401 && authorization !== undefined;
      if (!isRefused || !signIn.refuse(authorization)) throw error;
      // A token may be withdrawn, or expire by the server's clock before it does by ours.
      return askAs(await signIn.authorization(), path);
    }
  }

  async function askAs(authorization: string | undefined, path: string): Promise<Reply> {
    let reply: FhirResponse;
    const headers = authorization === undefined ? {} : { authorization };
    try {
      reply = await client.request(path, { options: { headers, signal: AbortSignal.timeout(timeoutMs) } });
    } catch (error) {
      throw asFhirFailure(error, timeoutMs, clock());
    }
    if (!isObject(reply) || typeof reply["resourceType"] !== "string") throw new FhirFailure("not-fhir", noResource);
    return { body: reply, date: dateOf(Client.httpFor(reply).response) };
  }

  async function askPatiently(path: string): Promise<Reply> {
    for (const waitMs of waitsMs) {
      try {
        return await ask(path);
      } catch (error) {
        if (!(error instanceof FhirFailure) || !isPassing(error)) throw error;
        const wantedMs = error.retryAfterMs ?? 0;
        if (wantedMs > longestWaitMs) throw error;
        // Clients that were turned away together must not come back together: each adds what its clock's milliseconds are.
        await sleep(Math.max(wantedMs, waitMs + (clock() % waitMs)));
      }
    }
    return ask(path);
  }

  return { base, get: askPatiently };
}

function dateOf(response: Response | undefined): Instant | undefined {
  const at = Date.parse(response?.headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}
