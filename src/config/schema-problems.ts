import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import type { TextProblem, YamlText } from "../domain/yaml-text.ts";

/** What a schema found wrong with a YAML text: each with its place, and the nearest right key for a wrong one. */
export function schemaProblems(error: z.ZodError, schema: z.ZodType, yaml: YamlText): TextProblem[] {
  return error.issues.flatMap((issue): TextProblem[] => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(issue.path, key, schema, yaml));
    const missing = valueAt(yaml.value, issue.path) === undefined ? `"${String(issue.path.at(-1))}" is missing here. ` : "";
    return [{ ...yaml.placeOf(issue.path), text: missing + adviceOf(issue) }];
  });
}

function unknownKey(path: readonly PropertyKey[], key: string, schema: z.ZodType, yaml: YamlText): TextProblem {
  const keys = keysAt(schema, path);
  const hint = didYouMean(key, keys) || ` Known here: ${keys.join(", ")}.`;
  return { ...yaml.placeOfKey(path, key), text: `"${key}" is not known here.${hint}` };
}

/** Ours say what to write; those of the library name the kind of value. */
function adviceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input")) return issue.message;
  const wanted: Partial<Record<string, string>> = {
    array: "Write a list, each item on a line of its own after a hyphen.",
    object: "Write keys with values (key: value), indented below.",
    record: "Write keys with values (key: value), indented below.",
  };
  return wanted[issue.expected] ?? `Write a ${issue.expected}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inside: unknown, key) => (inside as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const bare = withoutWrapping(schema);
  const [key, ...rest] = path;
  if (key !== undefined) return keysAt(inside(bare, key), rest);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}

function inside(schema: z.ZodType, key: PropertyKey): z.ZodType {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)] as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  throw new Error("A configuration path leads into a schema without insides.");
}

function withoutWrapping(schema: z.ZodType): z.ZodType {
  const wrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional;
  return wrapped ? withoutWrapping(schema.unwrap() as z.ZodType) : schema;
}
