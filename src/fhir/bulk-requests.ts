import { request } from "undici";
import type { ServerAccess } from "../config/server-access.ts";
import type { Instant } from "../domain/instant.ts";
import { isObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";
import { DamagedGzip } from "./read-bytes.ts";
import { asFhirFailure } from "./read-failure.ts";
import { openDispatcher } from "./server-dispatcher.ts";
import { openSignIn } from "./sign-in.ts";
import { unpackIfPacked } from "./unpack-if-packed.ts";

/** One request of an export: its bodies are streams and no FHIR, so fhir-kit-client, which throws on NDJSON, cannot ask. */
interface BulkQuestion {
  readonly method: "GET" | "DELETE";
  /** Absolute. */
  readonly url: string;
  readonly accept: string;
  readonly prefer?: "respond-async" | "respond-async, handling=lenient";
  /** False: nothing is said of who asks. */
  readonly withToken: boolean;
}

interface BulkAnswer {
  /** Below 300. */
  readonly status: number;
  readonly headers: Headers;
  /** As it comes, unpacked. Reading it throws FhirFailure where it breaks off, DamagedGzip where it ends packed. */
  readonly body: AsyncIterable<Buffer>;
}

/** @throws FhirFailure where there is no answer, or one of 300 and more */
export type AskBulk = (question: BulkQuestion) => Promise<BulkAnswer>;

export interface BulkRequestsOptions {
  readonly base: string;
  /** Credentials and our certificate are shown to the origin of `base` only. */
  readonly access?: ServerAccess | undefined;
  readonly clock: () => Instant;
  /** For the head of an answer, and for each piece of its body; milliseconds. */
  readonly timeoutMs: number;
}

/** What is kept of an answer that is none; an OperationOutcome is shorter. */
const mostOfRefusal = 256 * 1024;

/** The same sign-in, TLS and proxy as everything else that this server is asked. */
export function openBulkRequests({ base, access = {}, clock, timeoutMs }: BulkRequestsOptions): AskBulk {
  const { origin } = new URL(base);
  const limits = { connectMs: timeoutMs, timeoutMs, bodyMs: timeoutMs };
  const dispatcher = openDispatcher(access, clock(), limits);
  const signIn = openSignIn(base, access.credentials, { dispatcher, timeoutMs, clock });
  const { tls: { caFile } = {}, proxy } = access;
  const elsewhere = openDispatcher(
    { ...(caFile === undefined ? {} : { tls: { caFile } }), ...(proxy === undefined ? {} : { proxy }) },
    clock(),
    limits,
  );

  async function send(question: BulkQuestion, authorization: string | undefined): Promise<BulkAnswer> {
    const { method, url, accept, prefer } = question;
    const by = new URL(url).origin === origin ? dispatcher : elsewhere;
    try {
      const { statusCode, headers, body } = await request(url, {
        method,
        headers: {
          accept,
          "accept-encoding": "gzip",
          // An answer that a proxy kept would be of another hour.
          "cache-control": "no-cache",
          ...(prefer === undefined ? {} : { prefer }),
          ...(authorization === undefined ? {} : { authorization }),
        },
        dispatcher: by,
      });
      const said = asHeaders(headers);
      // Redirects are not followed: one would carry the token to whoever is named there.
      if (statusCode >= 300) throw await asRefusal(statusCode, said, body);
      return { status: statusCode, headers: said, body: pieces(body) };
    } catch (error) {
      throw asFailure(error);
    }
  }

  async function* pieces(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* unpackIfPacked(body);
    } catch (error) {
      if (error instanceof DamagedGzip) throw error;
      throw asFailure(error);
    }
  }

  function asFailure(error: unknown): FhirFailure {
    if (error instanceof FhirFailure) return error;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const isSlow = code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT";
    const wrapped = isSlow ? new DOMException("", "TimeoutError") : new TypeError("fetch failed", { cause: error });
    return asFhirFailure(code === undefined ? error : wrapped, { timeoutMs }, clock());
  }

  return async (question) => {
    if (!question.withToken) return send(question, undefined);
    // Whatever went wrong before: no token leaves this origin.
    if (new URL(question.url).origin !== origin) throw new Error("a token was to be sent to another origin");
    const authorization = await signIn.authorization();
    try {
      return await send(question, authorization);
    } catch (error) {
      const isRefused = error instanceof FhirFailure && error.status === 401 && authorization !== undefined;
      if (!isRefused || !signIn.refuse(authorization)) throw error;
      // A token may be withdrawn, or expire by the server's clock before it does by ours.
      return send(question, await signIn.authorization());
    }
  };

  async function asRefusal(status: number, headers: Headers, body: AsyncIterable<Buffer>): Promise<FhirFailure> {
    const text = await readText(unpackIfPacked(body), mostOfRefusal);
    const answered = Object.assign(new Error("answered"), { response: { status, data: asJson(text) ?? text }, config: { headers } });
    return asFhirFailure(answered, { timeoutMs }, clock());
  }
}

/**
 * The start of a body, as text.
 * @throws FhirFailure where it breaks off
 */
export async function readText(body: AsyncIterable<Buffer>, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= most) break;
    }
  } catch (error) {
    if (!(error instanceof DamagedGzip)) throw error;
    throw new FhirFailure("broken", "broke off its answer", { cause: error });
  }
  return Buffer.concat(pieces).toString("utf8");
}

export function asJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function asHeaders(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    for (const each of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, each);
  }
  return headers;
}
