import { Router } from "express";
import { answerProblems, refuseUnknownPath } from "../http/answer-problems.ts";
import type { HttpParts } from "../http/http-parts.ts";

/** Everything under `/api`; what goes wrong there is told as `application/problem+json`. */
export function makeApi(parts: HttpParts): Router {
  const router = Router();
  router.use("/api", refuseUnknownPath, answerProblems(parts));
  return router;
}
