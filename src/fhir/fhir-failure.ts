/** Why a server did not give what it was asked for. `reason` completes "The server …", and quotes nothing that it sent. */
export class FhirFailure extends Error {
  /**
   * `unreachable`: no connection could be made; `untrusted`: a certificate forbade it; `broken`: it was lost; `slow`: no
   * whole answer came in time; `short`: it gave less than it counts; `spent`: this run may ask for no more.
   */
  readonly kind: "unreachable" | "untrusted" | "broken" | "slow" | "refused" | "not-fhir" | "status" | "pages" | "short" | "spent";
  readonly reason: string;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** What it asked to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What to do about it, where that is known better than by the kind. */
  readonly fix: string | undefined;

  constructor(
    kind: FhirFailure["kind"],
    reason: string,
    more: {
      readonly status?: number;
      readonly retryAfterMs?: number | undefined;
      readonly fix?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(`The server ${reason}.`, { cause: more.cause });
    this.name = "FhirFailure";
    this.kind = kind;
    this.reason = reason;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
    this.fix = more.fix;
  }
}

/**
 * Whether asking again, as it was asked, may well be answered: a busy server, a proxy's, a connection that broke. Not what
 * took too long: it would again, and is to be asked for in smaller parts.
 */
export function isPassing({ kind, status }: FhirFailure): boolean {
  return kind === "unreachable" || kind === "broken" || [408, 429, 502, 503, 504].includes(status ?? 0);
}

/** Whether a part might be given where the whole is not: not where the question itself is refused, nor where it comes too soon. */
export function isAboutContent(failure: FhirFailure): boolean {
  const { kind, status } = failure;
  return kind !== "refused" && kind !== "untrusted" && kind !== "spent" && (kind !== "status" || status === 410 || isAboutSize(failure));
}

/** Whether fewer records at once might be given where these are not: it took too long, was too much, or broke. */
export function isAboutSize({ kind, status = 0 }: FhirFailure): boolean {
  const isTooMuch = status === 413 || (status >= 500 && status !== 501 && status !== 503);
  return kind === "slow" || kind === "broken" || kind === "not-fhir" || (kind === "status" && isTooMuch);
}

/** Whether no answer came at all: it may be for the question, or the server may be gone. */
export function isUnanswered({ kind }: FhirFailure): boolean {
  return kind === "unreachable" || kind === "broken" || kind === "slow";
}

/** Whether nothing else that this server is asked for will be answered either. */
export function isOfServer({ kind }: FhirFailure): boolean {
  return kind === "unreachable" || kind === "untrusted" || kind === "spent";
}

/** Whether nothing else of this feed will be answered: a right that is missing may be missing for one type alone. */
export function isOfFeed(failure: FhirFailure): boolean {
  return isOfServer(failure) || failure.kind === "refused";
}
