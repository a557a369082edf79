import type { Priority } from "../domain/verdict.ts";
import { readConcept } from "./concept.ts";
import type { Resource } from "./resource.ts";

export function readPriority(resource: Resource): Priority | undefined {
  const value = resource.json["priority"];
  if (value === undefined) return undefined;
  const code = readConcept(value).codings[0]?.code;
  return code === undefined ? undefined : resource.context.mapping.priorities.get(code.toLowerCase());
}
