import type { ErrorRequestHandler, RequestHandler } from "express";
import { operationOutcome, Refusal } from "./operation-outcome.ts";

/** Searches may come by POST, and an export may be ended; everything else that is no reading is refused. */
export const refuseWrites: RequestHandler = (req, res, next) => {
  const isRead = req.method === "GET" || req.method === "HEAD" || (req.method === "POST" && req.path.endsWith("/_search"));
  if (isRead || (req.method === "DELETE" && req.path.endsWith("/$export-poll-status"))) {
    next();
    return;
  }
  res.set("Allow", "GET, HEAD");
  throw new Refusal(405, "not-supported", "This server is read-only.");
};

/** Every failure as an OperationOutcome. Of a defect the client learns that it happened, and nothing else. */
export function answerFailures(onDefect: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const refusal = asRefusal(error);
    if (refusal === undefined) onDefect(error);
    const { status, issueCode, message } = refusal ?? new Refusal(500, "exception", "The server failed at this request.");
    res.status(status).type("application/fhir+json");
    res.send(JSON.stringify(operationOutcome(issueCode, message)));
  };
}

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  // What express and its body reader say of a path or a body that cannot be decoded.
  const isBadRequest = error instanceof Error && "status" in error && Number(error.status) >= 400 && Number(error.status) < 500;
  return isBadRequest ? new Refusal(400, "invalid", "The request cannot be read.") : undefined;
}
