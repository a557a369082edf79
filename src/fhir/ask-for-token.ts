import { fetch } from "undici";
import type { Instant } from "../domain/instant.ts";
import { isObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";
import { asFhirFailure } from "./read-failure.ts";
import type { Fetching } from "./fetching.ts";

export interface Token {
  readonly value: string;
  readonly boughtAt: Instant;
  readonly expiresAt: Instant;
}

/** Where a token endpoint does not say how long its token lasts: SMART advises no more than this. */
const usualLifeSeconds = 300;

/**
 * Buys an access token for the client credentials grant (RFC 6749, 4.4). Nothing of the answer but its error code is told.
 * @throws FhirFailure that says what is wrong with the token endpoint, and what to do
 */
export async function askForToken(
  { dispatcher, timeoutMs, clock }: Fetching,
  tokenUrl: string,
  grant: { readonly authorization?: string; readonly fields: Readonly<Record<string, string>> },
): Promise<Token> {
  const where = `could not be asked, for its token endpoint at ${new URL(tokenUrl).origin}`;
  const askedAt = clock();
  let status: number;
  let body: unknown;
  try {
    const response = await fetch(tokenUrl, {
      method: "POST",
      // A redirect would carry the secret to whoever is named there.
      redirect: "manual",
      headers: { Accept: "application/json", ...(grant.authorization === undefined ? {} : { Authorization: grant.authorization }) },
      body: new URLSearchParams({ grant_type: "client_credentials", ...grant.fields }),
      signal: AbortSignal.timeout(timeoutMs),
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    status = response.status;
    body = parse(await response.text());
  } catch (error) {
    const { kind, reason, fix } = asFhirFailure(error, { timeoutMs }, clock());
    throw new FhirFailure(kind === "untrusted" ? kind : "unreachable", `${where} ${reason}`, { fix: fix ?? reach });
  }
  if (status === 429 || status >= 500) throw new FhirFailure("status", `${where} answered HTTP ${status}`, { status });
  if (status !== 200) throw new FhirFailure("refused", `${where} ${describeRefusal(status, body)}`, { status, fix: fixOf(status, body) });
  const value = isObject(body) ? body["access_token"] : undefined;
  if (!isObject(body) || typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value) || !isBearer(body["token_type"])) {
    throw new FhirFailure("refused", `${where} gave no bearer token`, { fix: check });
  }
  return { value, boughtAt: askedAt, expiresAt: askedAt + lifeSeconds(body["expires_in"]) * 1_000 };
}

const reach =
  "Check the address of the token endpoint (tokenUrl under auth of the source), and that this computer may reach it. Nothing was lost: run the same again.";
const check = "Check tokenUrl under auth of the source: it is the address of an OAuth 2 token endpoint.";

/** By RFC 6749's error codes, 5.2. */
const fixes: Readonly<Record<string, string>> = {
  invalid_client:
    "It knows no such client, or not by this secret or key: check clientId, the secret or keyFile (and keyId) under auth of the source against what was registered there; the public key must be registered, and this computer's clock be right.",
  invalid_grant: "Have its administrator allow this client the client credentials grant.",
  unauthorized_client: "Have its administrator allow this client the client credentials grant.",
  unsupported_grant_type: "It gives no tokens to programs: ask its administrator for another token endpoint, or another way in.",
  invalid_scope: "Correct scope under auth of the source: write those that its administrator granted, such as system/*.rs.",
  invalid_request: check,
};

function errorCode(body: unknown): string | undefined {
  const code = isObject(body) ? body["error"] : undefined;
  return typeof code === "string" && Object.hasOwn(fixes, code) ? code : undefined;
}

function describeRefusal(status: number, body: unknown): string {
  if (status >= 300 && status < 400) return `sends us elsewhere (HTTP ${status})`;
  return `refused (${errorCode(body) ?? `HTTP ${status}`})`;
}

function fixOf(status: number, body: unknown): string {
  // RFC 6749 has 401 for a client that is not known, and some say no more than that.
  return fixes[errorCode(body) ?? (status === 401 ? "invalid_client" : "invalid_request")] ?? check;
}

function isBearer(type: unknown): boolean {
  return typeof type === "string" && type.toLowerCase() === "bearer";
}

function lifeSeconds(written: unknown): number {
  const seconds = Number(written ?? usualLifeSeconds);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : usualLifeSeconds;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
