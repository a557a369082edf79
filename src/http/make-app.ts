import express, { type Express, type Router } from "express";
import { answerProblems, refuseUnknownPath } from "./answer-problems.ts";
import { compressAnswers } from "./compress-answers.ts";
import { healthRouter } from "./health-router.ts";
import type { HttpParts } from "./http-parts.ts";
import { sameOrigin } from "./same-origin.ts";
import { securityHeaders } from "./security-headers.ts";

/** A review's reason is the longest that anybody sends. */
const largestBody = "100kb";

/** The routers in their order behind what all need; each may end with an error handler of its own, and the rest is problems in JSON. */
export function makeApp(parts: HttpParts, routers: readonly Router[]): Express {
  const app = express();
  // Addresses with and without a slash at the end are two, so that what is relative to them is one thing.
  app.enable("strict routing");
  app.disable("x-powered-by");
  // Nothing that is sent may be kept: there is nothing to compare. Files have their own.
  app.disable("etag");
  app.use(...securityHeaders, sameOrigin(parts.hosts), compressAnswers);
  app.use(healthRouter(parts));
  app.use(express.json({ limit: largestBody }), express.urlencoded({ limit: largestBody, extended: false }));
  for (const router of routers) app.use(router);
  app.use(refuseUnknownPath, answerProblems(parts));
  return app;
}
