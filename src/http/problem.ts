import { kindOfDefect } from "../domain/describe-defect.ts";
import { UserError } from "../domain/user-error.ts";
import { problemKinds } from "./problem-kinds.ts";

/** A problem as RFC 9457 has it, with what to do about it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly fix: string;
  /** Permanent, for programs. */
  readonly code: string;
  /** Which time it was, of a defect: the log names it too. */
  readonly instance?: string;
  /** Where the findings stand that a review came too late for. */
  readonly current?: unknown;
}

/** What is told of a UserError, or of a request that could not be read; undefined for a defect, of which nothing is told. */
export function findProblem(error: unknown): Problem | undefined {
  if (error instanceof UserError) {
    // Of whatever befell the database: that it did.
    const code = error.code.startsWith("database-") ? "database-unavailable" : error.code;
    const { status, title } = (Object.hasOwn(problemKinds, code) && problemKinds[code as keyof typeof problemKinds]) || {
      status: 400,
      title: "The request cannot be answered",
    };
    return { type: typeOf(code), title, status, detail: error.message, fix: error.fix, code };
  }
  const refusal = bodyRefusal(error);
  return refusal && findProblem(refusal);
}

/** What is told of anything else: nothing of what happened, for it may quote a record. */
export function defectProblem(id: string): Problem {
  return {
    type: typeOf("defect"),
    title: "A defect of Followthrough",
    status: 500,
    detail: "Something went wrong that is a defect of Followthrough, not of what was asked. Nothing that was stored is lost.",
    fix: "Try again; if it happens again, report it with the lines of the log that name this instance.",
    code: "defect",
    instance: `urn:uuid:${id}`,
  };
}

/** Under the page of the API, which explains each. */
function typeOf(code: string): string {
  return `/api/#problem-${code}`;
}

/** Express and its body parser throw errors of their own for what they cannot read. */
function bodyRefusal(error: unknown): UserError | undefined {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  if (status === 413) return new UserError("request-too-large", "What was sent is larger than this server takes.", "Send less at once.");
  if (status === 415) return new UserError("not-json", "What was sent is in a form that is not read here.", "Send plain JSON in UTF-8.");
  const what = kindOfDefect(error) === "SyntaxError" ? "What was sent is not JSON" : "The request could not be read";
  return new UserError("invalid-request", `${what}.`, "Correct how it is written: JSON in the body, %-encoded UTF-8 in the address.");
}
