import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { kindOfDefect, placesOfDefect } from "../domain/describe-defect.ts";
import { UserError } from "../domain/user-error.ts";
import type { HttpParts } from "./http-parts.ts";
import { defectProblem, findProblem, type Problem } from "./problem.ts";

/** @throws UserError `path-unknown` */
export const refuseUnknownPath: RequestHandler = () => {
  throw new UserError("path-unknown", "There is nothing at this address.", "See what there is: / for people, /api/ for programs.");
};

/** What to tell of an error; a defect is logged first, under the id that it is told by, and so is what befell the database. */
export function toProblem(parts: Pick<HttpParts, "log" | "makeId">, request: Request, error: unknown): Problem {
  const problem = findProblem(error);
  if (problem?.code === "database-unavailable") parts.log(`${problem.detail} ${problem.fix}`);
  if (problem) return problem;
  const id = parts.makeId();
  // The route, not the address, which may name a patient.
  const route = (request.route as { readonly path?: unknown } | undefined)?.path;
  const where = `${request.method} ${request.baseUrl}${typeof route === "string" ? route : " (no route)"}`;
  parts.log(`defect ${id}: ${kindOfDefect(error)} in ${where}\n${placesOfDefect(error)}`);
  return defectProblem(id);
}

/** The last of the API's handlers, and of the app's where nobody has answered before. */
export function answerProblems(parts: Pick<HttpParts, "log" | "makeId">): ErrorRequestHandler {
  return (error, request, response, next) => {
    const problem = toProblem(parts, request, error);
    if (response.headersSent) next(error);
    else sendProblem(response, problem);
  };
}

export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}
