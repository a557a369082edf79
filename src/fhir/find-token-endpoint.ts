import { fetch } from "undici";
import { isSafeForSecrets } from "../config/config-values.ts";
import { isObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";
import type { Fetching } from "./fetching.ts";
import { asFhirFailure } from "./read-failure.ts";

const fix = "Name the token endpoint: tokenUrl under auth.smart of the source in followthrough.yaml.";

/**
 * Where a server says that it has tokens from: `.well-known/smart-configuration` below its base (SMART App Launch 2).
 * @throws FhirFailure
 */
export async function findTokenEndpoint(base: string, { dispatcher, timeoutMs, clock }: Fetching): Promise<string> {
  let status: number;
  let body: unknown;
  try {
    const response = await fetch(`${base}/.well-known/smart-configuration`, {
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    status = response.status;
    const text = await response.text();
    body = status === 200 ? JSON.parse(text) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) throw doesNotSay("is no JSON");
    throw asFhirFailure(error, { timeoutMs }, clock());
  }
  if (status === 429 || status >= 500) throw new FhirFailure("status", `answered HTTP ${status}`, { status });
  if (status !== 200) throw doesNotSay(`HTTP ${status}`);
  const written = isObject(body) ? body["token_endpoint"] : undefined;
  if (typeof written !== "string" || !URL.canParse(written)) throw doesNotSay("names no token endpoint");
  // An assertion is worth a token to whoever reads it on the way.
  if (!isSafeForSecrets(new URL(written))) throw doesNotSay("names a token endpoint without https");
  return written;
}

function doesNotSay(how: string): FhirFailure {
  return new FhirFailure("refused", `does not say where its tokens come from (.well-known/smart-configuration: ${how})`, { fix });
}
