import { z } from "zod";
import { didYouMean } from "./nearest-name.ts";
import type { PlacedProblem, YamlText } from "./yaml-text.ts";

/** What a schema finds wrong with a YAML text: each with its place, and the nearest right key for a wrong one. */
export function schemaProblems(error: z.ZodError, schema: z.ZodType, yaml: YamlText): PlacedProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], schema, yaml));
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, base: readonly PropertyKey[], schema: z.ZodType, yaml: YamlText): PlacedProblem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0)
    return branchMeant(issue.errors).flatMap((each) => problemsOf(each, path, schema, yaml));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      ...yaml.placeOfKey(path, key),
      text: known.includes(key)
        ? `"${key}" does not belong to this kind of entry.`
        : `"${key}" is not known here.${didYouMean(key, known) || ` Known here: ${known.join(", ")}.`}`,
    }));
  }
  // What is wrong with a key, its own schema says.
  if (issue.code === "invalid_key") return [{ ...yaml.placeOf(path), text: issue.issues[0]?.message ?? issue.message }];
  const missing = path.length > 0 && valueAt(yaml.value, path) === undefined ? `"${String(path.at(-1))}" is missing here. ` : "";
  return [{ ...yaml.placeOf(path), text: missing + adviceOf(issue) }];
}

/** Of the ways in which a value may be written, the one whose outer shape fits what was written. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const has = (branch: readonly Issue[], ...codes: readonly Issue["code"][]) =>
    branch.some((issue) => issue.path.length === 0 && codes.includes(issue.code));
  return (
    branches.find((branch) => !has(branch, "invalid_type", "invalid_value")) ??
    branches.find((branch) => has(branch, "invalid_value")) ??
    branches[0] ??
    []
  );
}

/** Ours say what to write; those of the library name the kind of value. */
function adviceOf(issue: Issue): string {
  if (!issue.message.startsWith("Invalid input") || issue.code !== "invalid_type") return issue.message;
  const wanted: Partial<Record<string, string>> = {
    array: "Write a list, each item on a line of its own after a hyphen.",
    object: "Write keys with values (key: value), indented below.",
    record: "Write keys with values (key: value), indented below.",
    tuple: "Write [from, to].",
  };
  return wanted[issue.expected] ?? `Write a ${issue.expected}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inside: unknown, key) => (inside as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

/** The keys that a schema knows at a path; of a union, those of all its branches. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysAt(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap((option) => keysAt(option as z.ZodType, path)))];
  const [key, ...rest] = path;
  if (key !== undefined) {
    const inside = insideOf(schema, key);
    return inside ? keysAt(inside, rest) : [];
  }
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : [];
}

/** Undefined where the schema knows nothing under that key. */
function insideOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)] as z.ZodType | undefined;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : undefined;
}
