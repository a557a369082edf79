import { Router, type RequestHandler } from "express";
import { answerProblems, refuseUnknownPath, sendProblem } from "../http/answer-problems.ts";
import type { HttpParts } from "../http/http-parts.ts";
import type { Examinations } from "../insight/examinations.ts";
import { UserError } from "../domain/user-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { basePath, openApiDocument } from "./openapi-document.ts";
import { referenceRouter } from "./reference-router.ts";

/** Everything under `/api`; what goes wrong there is told as `application/problem+json`. */
export function makeApi(httpParts: HttpParts, { held }: Pick<Examinations, "held">): Router {
  const parts = { ...httpParts, held };
  const router = Router({ strict: true });
  const document = openApiDocument(endpoints);
  router.get("/api/openapi.json", (_request, response) => {
    response.json(document);
  });
  router.use(referenceRouter(document));
  for (const [path, ofPath] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const route = router.route(basePath + path.replace(/\{(\w+)\}/g, ":$1"));
    for (const endpoint of ofPath) route[endpoint.method](answerWith(parts, endpoint));
    route.all(refuseMethod(ofPath));
  }
  router.use("/api", refuseUnknownPath, answerProblems(parts));
  return router;
}

function answerWith(parts: Parameters<Endpoint["handle"]>[0], endpoint: Endpoint): RequestHandler {
  return async (request, response) => {
    const answer = await endpoint.handle(parts, request);
    if ("problem" in answer) {
      sendProblem(response, answer.problem);
      return;
    }
    const { body, location } = answer;
    if (location !== undefined) response.location(location);
    if (hasNext(body)) response.setHeader("Link", `<${body.next}>; rel="next"`);
    response.status(endpoint.status).json(body);
  };
}

function hasNext(body: unknown): body is { readonly next: string } {
  return typeof body === "object" && body !== null && "next" in body && typeof body.next === "string";
}

/** HEAD is answered as GET is, by Express. */
function refuseMethod(ofPath: readonly Endpoint[]): RequestHandler {
  const allowed = ofPath.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : ["POST"]));
  return (request, response) => {
    response.setHeader("Allow", allowed.join(", "));
    throw new UserError("method-not-allowed", `${request.method} is not possible here.`, `What is: ${allowed.join(", ")}.`);
  };
}
