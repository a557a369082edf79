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
  /** How long it took, in milliseconds, when it was asked for the last time; and how often it had been. */
  readonly tookMs: number;
  readonly tries: number;
}

export interface FhirServerOptions {
  readonly base: string;
  /** Credentials are sent to this origin only. */
  readonly access?: ServerAccess | undefined;
  readonly clock: () => Instant;
  /** From 0 to less than 1. */
  readonly random: () => number;
  readonly patience?: Partial<Patience> | undefined;
}

/** How long a server is waited for, and how often. */
export interface Patience {
  /** For a connection. */
  readonly connectMs: number;
  /** For the beginning of an answer. */
  readonly timeoutMs: number;
  /** For each next part of an answer: a long one that keeps coming is not cut. */
  readonly bodyMs: number;
  /** Before a passing failure is asked for again: so often, and between half of it and all. */
  readonly waitsMs: readonly number[];
  readonly sleep: (ms: number) => Promise<unknown>;
}

const usualPatience: Patience = {
  connectMs: 10_000,
  timeoutMs: 60_000,
  bodyMs: 30_000,
  waitsMs: [1_000, 2_000, 4_000],
  sleep: sleepFor,
};

/** A server that asks for more patience than this is asked again by the next pull. */
const longestWaitMs = 60_000;

/** @throws UserError where a key, certificate or proxy that is named cannot be used */
export function openFhirServer({ base, access = {}, clock, random, patience }: FhirServerOptions): FhirServer {
  const limits = { ...usualPatience, ...patience };
  const { timeoutMs, waitsMs, sleep } = limits;
  const dispatcher = openDispatcher(access, clock(), limits);
  // A server that is busy is left alone by all who ask it side by side.
  let pause: Promise<unknown> = Promise.resolve();
  const signIn = openSignIn(base, access.credentials, { dispatcher, timeoutMs, clock });
  // A redirect would carry the token to whoever is named there: it is an answer that we refuse.
  const client = new Client({
    baseUrl: base,
    requestOptions: { redirect: "manual", dispatcher },
    // An answer that a proxy kept has the clock, and the records, of another hour.
    customHeaders: { "Cache-Control": "no-cache" },
  });

  async function ask(path: string): Promise<Omit<Reply, "tries">> {
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

  async function askAs(authorization: string | undefined, path: string): Promise<Omit<Reply, "tries">> {
    let reply: FhirResponse;
    const asked = clock();
    const headers = authorization === undefined ? {} : { authorization };
    try {
      reply = await client.request(path, { options: { headers } });
    } catch (error) {
      throw asFhirFailure(error, limits, clock());
    }
    if (!isObject(reply) || typeof reply["resourceType"] !== "string") throw new FhirFailure("not-fhir", noResource);
    return { body: reply, date: dateOf(Client.httpFor(reply).response), tookMs: clock() - asked };
  }

  async function askPatiently(path: string): Promise<Reply> {
    for (const [before, waitMs] of waitsMs.entries()) {
      await pause;
      try {
        return { ...(await ask(path)), tries: before + 1 };
      } catch (error) {
        if (!(error instanceof FhirFailure) || !isPassing(error)) throw error;
        const wantedMs = error.retryAfterMs;
        if (wantedMs !== undefined && wantedMs > longestWaitMs) throw error;
        // Clients that were turned away together must not come back together.
        const jitterMs = (random() * waitMs) / 2;
        const slept = sleep(Math.round(Math.max(wantedMs ?? 0, waitMs / 2) + jitterMs));
        if (wantedMs !== undefined) pause = slept;
        await slept;
      }
    }
    await pause;
    return { ...(await ask(path)), tries: waitsMs.length + 1 };
  }

  return { base, get: askPatiently };
}

function dateOf(response: Response | undefined): Instant | undefined {
  const at = Date.parse(response?.headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}
