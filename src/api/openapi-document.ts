import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from "zod-openapi";
import { problemKinds, type ProblemCode } from "../http/problem-kinds.ts";
import type { Endpoint } from "./endpoint.ts";
import { standing } from "./finding-schema.ts";

export const basePath = "/api/v1";

const problem = z
  .object({
    type: z.string().meta({ format: "uri-reference" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    fix: z.string().meta({ description: "What to do about it" }),
    code: z.string().meta({ description: "Permanent, for programs" }),
    instance: z.string().optional().meta({ description: "Of a defect: the log names it too" }),
    current: z.array(standing).optional().meta({ description: "Where the findings stand that a review came too late for" }),
  })
  .meta({ id: "Problem", description: "RFC 9457, with what to do about it" });

/** What any request may meet, beside what an endpoint names. */
const anywhere: readonly ProblemCode[] = ["unknown-parameter", "invalid-request", "host-unknown", "database-unavailable"];
const whereWritten: readonly ProblemCode[] = ["other-origin", "request-too-large"];

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** OpenAPI 3.1, from the schemas that requests are checked by. */
export function openApiDocument(endpoints: readonly Endpoint[]): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const each of endpoints) paths[basePath + each.path] = { ...paths[basePath + each.path], [each.method]: operationOf(each) };
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Followthrough",
        version: "1",
        description:
          "Results, tasks and orders that nobody followed through. No empty list says that nothing was missed unless `seen.complete` is true; and then as at `seen.upTo`. Times are RFC 3339 in UTC. More fields may follow.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      paths,
    },
    {
      // Clients must live with fields that follow.
      override: ({ jsonSchema, io }) => {
        if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
}

function operationOf({ method, path, summary, description, params, query, body, status, answers, problems }: Endpoint) {
  const requestParams = { ...(params && { path: params }), ...(query && { query }) };
  return {
    operationId: `${method} ${path}`.replace(/[{}]/g, "").replace(/[^a-zA-Z]+([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    summary,
    ...(description !== undefined && { description }),
    ...(Object.keys(requestParams).length > 0 && { requestParams }),
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body.strict() } } } }),
    responses: {
      [status]: { description: summary, ...headersOf(status, query), content: { "application/json": { schema: answers } } },
      ...problemResponses([...problems, ...anywhere, ...(method === "get" ? [] : whereWritten)]),
    } as ZodOpenApiResponsesObject,
  };
}

function headersOf(status: number, query: z.ZodObject | undefined) {
  if (status === 202) return { headers: { Location: { description: "Where to see what becomes of it", schema: { type: "string" } } } };
  if (query && "cursor" in query.shape)
    return { headers: { Link: { description: 'The next page: rel="next"; absent on the last', schema: { type: "string" } } } };
  return {};
}

function problemResponses(codes: readonly ProblemCode[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(codes, (code) => problemKinds[code].status);
  const responses = [...byStatus].map(([status, same]) => [status, same.map((code) => `${problemKinds[code].title} (${code})`).join("; ")]);
  return Object.fromEntries(
    [...responses, [500, "A defect of Followthrough (defect)"]].map(([status, description]) => [
      status,
      { description, content: { "application/problem+json": { schema: problem } } },
    ]),
  ) as ZodOpenApiResponsesObject;
}
