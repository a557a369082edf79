import type { Request } from "express";
import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";

/** @throws UserError `unknown-parameter`, `invalid-request` */
export function readQuery<Q extends z.ZodObject>(schema: Q | undefined, request: Request): z.output<Q> {
  const lists = Object.entries(schema?.shape ?? {}).filter(([, each]) => isList(each as z.ZodType));
  const given: Record<string, unknown> = { ...request.query };
  for (const [name] of lists) if (typeof given[name] === "string") given[name] = [given[name]];
  return check(schema, given, "parameter");
}

/** @throws UserError `invalid-request` */
export function readParams<P extends z.ZodObject>(schema: P | undefined, request: Request): z.output<P> {
  return check(schema, { ...request.params }, "parameter");
}

/** @throws UserError `not-json`, `unknown-parameter`, `invalid-request` */
export function readBody<B extends z.ZodObject>(schema: B | undefined, request: Request): z.output<B> {
  if (schema === undefined) return {} as z.output<B>;
  if (!request.is("application/json"))
    throw new UserError("not-json", "This takes a body of JSON.", "Send it with the header Content-Type: application/json.");
  return check(schema, request.body, "field");
}

function check<S extends z.ZodObject>(schema: S | undefined, given: unknown, word: "parameter" | "field"): z.output<S> {
  const strict: z.ZodObject = (schema ?? z.object({})).strict();
  const read = strict.safeParse(given);
  if (read.success) return read.data as z.output<S>;
  const known = Object.keys(strict.shape);
  const unknown = read.error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : []));
  if (unknown.length > 0) {
    const says = unknown.map((name) => `There is no ${word} "${name}" here.${didYouMean(name, known)}`).join(" ");
    throw new UserError(
      "unknown-parameter",
      says,
      known.length === 0 ? `Leave it out: there is no ${word} here.` : `It may be: ${known.join(", ")}.`,
    );
  }
  const says = read.error.issues.map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`));
  throw new UserError("invalid-request", says.join(" "), `Correct the ${word} named; /api/ describes each.`);
}

function isList(schema: z.ZodType): boolean {
  return schema instanceof z.ZodArray || (schema instanceof z.ZodOptional && isList(schema.unwrap() as z.ZodType));
}
