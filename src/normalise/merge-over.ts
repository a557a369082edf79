import { z } from "zod";

/** What a site may write over a value: part of a map; a list that replaces, or `add` with what comes to it. */
export function overrideOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const members = Object.entries<z.ZodType>(schema.shape);
    return z.strictObject(Object.fromEntries(members.map(([key, member]) => [key, overrideOf(member).optional()])));
  }
  return schema instanceof z.ZodArray ? z.union([schema, z.strictObject({ add: schema })]) : schema;
}

/**
 * A site's own values over the default ones: maps key by key; a list replaces the list, unless it is given as `add`; what is
 * added under the name of an entry takes its place.
 */
export function mergeOver(base: unknown, own: unknown): unknown {
  if (own === undefined) return base;
  if (Array.isArray(base)) return Array.isArray(own) ? own : addTo(base, (own as { readonly add: readonly unknown[] }).add);
  if (!isMap(base) || !isMap(own)) return own;
  return { ...base, ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, mergeOver(base[key] ?? value, value)])) };
}

function addTo(base: readonly unknown[], added: readonly unknown[]): unknown[] {
  const names = added.map(nameOf).filter((name) => name !== undefined);
  return [...base.filter((entry) => !names.includes(nameOf(entry) ?? "")), ...added];
}

function nameOf(entry: unknown): string | undefined {
  return isMap(entry) && typeof entry["name"] === "string" ? entry["name"] : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
