/** Why a server did not give what it was asked for. `reason` completes "The server …", and quotes nothing that it sent. */
export class FhirFailure extends Error {
  readonly kind: "unreachable" | "refused" | "not-fhir" | "status" | "pages";
  readonly reason: string;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** What it asked to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: FhirFailure["kind"],
    reason: string,
    more: { readonly status?: number; readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(`The server ${reason}.`, { cause: more.cause });
    this.name = "FhirFailure";
    this.kind = kind;
    this.reason = reason;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Whether asking again, as it was asked, may well be answered: a busy server, a proxy's, a connection that broke. */
export function isPassing({ kind, status }: FhirFailure): boolean {
  return kind === "unreachable" || status === 408 || status === 429 || status === 502 || status === 503 || status === 504;
}

/** Whether nothing else that this server is asked for will be answered either. */
export function isOfServer({ kind }: FhirFailure): boolean {
  return kind === "unreachable" || kind === "refused";
}
