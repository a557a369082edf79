import type { Request } from "express";
import type { z } from "zod";
import type { Viewer } from "../domain/viewer.ts";
import type { HttpParts } from "../http/http-parts.ts";
import type { Examinations } from "../insight/examinations.ts";
import type { ProblemCode } from "../http/problem-kinds.ts";
import type { Problem } from "../http/problem.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { readBody, readParams, readQuery } from "./read-request.ts";

/** What every operation is made with. */
interface ApiParts extends HttpParts {
  readonly held: Examinations["held"];
}

/** One operation of the API: what it is asked with, what it answers, and how. The document and the routes are made from it. */
export interface Endpoint {
  readonly method: "get" | "post";
  /** Below `/api/v1`, as OpenAPI writes it: `/findings/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly status: number;
  readonly answers: z.ZodType;
  /** Beside those that any request may meet. */
  readonly problems: readonly ProblemCode[];
  readonly handle: (parts: ApiParts, request: Request) => Promise<Answer<unknown>>;
}

type Answer<Body> =
  { readonly body: Body; /** Where to see what becomes of it. */ readonly location?: string } | { readonly problem: Problem };

/** What the store gives is read-only in depth. */
type Frozen<T> = T extends readonly (infer Each)[]
  ? readonly Frozen<Each>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** A request that has been checked. */
interface Asked<Params, Query, Body> {
  readonly viewer: Viewer;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Path and query of the same question with another cursor; null without one. */
  readonly pageAt: (cursor: string | undefined) => string | null;
}

type Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject, A extends z.ZodType> = Omit<
  Endpoint,
  "params" | "query" | "body" | "status" | "answers" | "problems" | "handle"
> & {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** 200 where it is not said. */
  readonly status?: number;
  readonly answers: A;
  readonly problems?: readonly ProblemCode[];
  readonly answer: (parts: ApiParts, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<Frozen<z.input<A>>>>;
};

export function endpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject, A extends z.ZodType>(
  definition: Definition<P, Q, B, A>,
): Endpoint {
  const { answer, status = 200, problems = [], ...rest } = definition;
  return {
    ...rest,
    status,
    problems,
    handle: (parts, request) =>
      answer(parts, {
        viewer: viewerOf(request),
        params: readParams(definition.params, request),
        query: readQuery(definition.query, request),
        body: readBody(definition.body, request),
        pageAt: (cursor) => (cursor === undefined ? null : addressWith(request, cursor)),
      }),
  };
}

function addressWith({ originalUrl }: Request, cursor: string): string {
  const url = new URL(originalUrl, "http://localhost");
  url.searchParams.set("cursor", cursor);
  return url.pathname + url.search;
}
