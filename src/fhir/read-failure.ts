import type { Instant } from "../domain/instant.ts";
import { isObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";
import { proxyFailure } from "./proxy-failure.ts";
import { tlsFault, tlsFaultIn } from "./tls-fault.ts";

/** How long was waited, in milliseconds: for the beginning of an answer, and for each next part of it. */
interface Waited {
  readonly timeoutMs: number;
  readonly bodyMs?: number;
}

/**
 * What fhir-kit-client throws, as a FhirFailure. Its errors carry the whole answer, which may hold a patient's record:
 * only the status, the kind of content and an OperationOutcome's issue codes are taken over.
 */
export function asFhirFailure(error: unknown, { timeoutMs, bodyMs = timeoutMs }: Waited, now: Instant): FhirFailure {
  if (error instanceof FhirFailure) return error;
  if (!(error instanceof Error)) throw error;
  const code = codeOf(error);
  if (error.name === "TimeoutError" || error.name === "AbortError" || code === "UND_ERR_HEADERS_TIMEOUT") {
    return new FhirFailure("slow", `did not answer within ${Math.round(timeoutMs / 1_000)} seconds`);
  }
  if (code === "UND_ERR_BODY_TIMEOUT") {
    return new FhirFailure("slow", `stopped in the middle of its answer for ${Math.round(bodyMs / 1_000)} seconds`);
  }
  const response = "response" in error && isObject(error.response) ? error.response : undefined;
  if (response === undefined) return isNoObject(error) ? new FhirFailure("not-fhir", noResource) : asUnanswered(error);
  const status = Number(response["status"]);
  const retryAfterMs = retryAfterOf(error, now);
  if (status === 401 || status === 407) return new FhirFailure("refused", `wants to know who asks (HTTP ${status})`, { status });
  if (status >= 300 && status < 400) return new FhirFailure("refused", `sends us elsewhere (HTTP ${status})`, { status });
  const { data } = response;
  const fault = status === 400 ? tlsFaultIn(data) : undefined;
  if (fault !== undefined) return new FhirFailure("untrusted", fault.reason, { status, fix: fault.fix });
  if (status < 300) return new FhirFailure("not-fhir", `answered with ${contentOf(data)} instead of FHIR in JSON`, { status });
  return new FhirFailure("status", `answered HTTP ${status}${issueCodes(data)}`, { status, retryAfterMs });
}

/** What can only be said before there is a connection; everything else breaks one that there was. */
const withoutConnection =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EACCES|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|.*_SSL_.*|.*_TLS_.*|SELF_SIGNED.*)$/;

function asUnanswered(error: Error): FhirFailure {
  const code = codeOf(error);
  // A defect of ours is no failure of a server's.
  if (code === undefined && error.message !== "fetch failed" && error.message !== "terminated") throw error;
  const ofProxy = proxyFailure(error);
  if (ofProxy !== undefined) return ofProxy;
  const fault = code === undefined ? undefined : tlsFault(code);
  if (fault !== undefined) return new FhirFailure("untrusted", `${fault.reason} (${code})`, { fix: fault.fix });
  if (code !== undefined && withoutConnection.test(code)) return new FhirFailure("unreachable", `could not be reached (${code})`);
  return new FhirFailure("broken", `broke off its answer (${code ?? "connection lost"})`);
}

function codeOf({ cause }: Error): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

/** What a server answered with, where it is JSON and no resource. */
export const noResource = "answered with JSON that is no FHIR resource";

/** The client notes on every answer where it is from, and trips over one that is `null`, a number or a text. */
function isNoObject(error: Error): boolean {
  return error instanceof TypeError && error.message.includes("called on non-object");
}

function contentOf(data: unknown): string {
  const text = typeof data === "string" ? data.trimStart() : "";
  if (/^<(!doctype html|html)/i.test(text)) return "a web page (HTML)";
  if (text.startsWith("<")) return "XML";
  if (text.startsWith("{") || text.startsWith("[")) return "JSON that is cut short";
  return text === "" ? "nothing" : "text";
}

/** Codes are of a closed vocabulary; texts beside them may name a patient. */
function issueCodes(data: unknown): string {
  if (!isObject(data) || data["resourceType"] !== "OperationOutcome" || !Array.isArray(data["issue"])) return "";
  const codes = data["issue"].flatMap((issue) => (isObject(issue) && typeof issue["code"] === "string" ? [issue["code"]] : []));
  const known = [...new Set(codes)].filter((code) => /^[a-z-]{3,30}$/.test(code));
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

/** Seconds, or a date. */
function retryAfterOf(error: Error, now: Instant): number | undefined {
  const config = "config" in error && isObject(error.config) ? error.config : {};
  const written = config["headers"] instanceof Headers ? config["headers"].get("retry-after") : null;
  if (written === null) return undefined;
  const at = /^\d+$/.test(written) ? now + Number(written) * 1_000 : Date.parse(written);
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}
