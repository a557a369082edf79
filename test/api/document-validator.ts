import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Json>> }>>>>;
  readonly components: { readonly schemas: Json };
}

/**
 * What the published document has against an answer, a line each; nothing where it describes it. Fields that it does not
 * name count too: clients must live with them, but we describe what we send.
 */
export function documentValidator(document: Document): (method: string, path: string, status: number, body: unknown) => string[] {
  const known = new Map<string, z.ZodType>();
  return (method, path, status, body) => {
    const template = Object.keys(document.paths).find((each) => patternOf(each).test(path));
    const response = template && document.paths[template]?.[method.toLowerCase()]?.responses[status];
    if (!response) return [`the document knows no ${status} of ${method} ${path}`];
    const key = `${method} ${template} ${status}`;
    const schema = known.get(key) ?? compile(response);
    known.set(key, schema);
    return schema.safeParse(body).error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];
  };

  function compile(response: Json): z.ZodType {
    const content = Object.values(response["content"] as Record<string, { schema: unknown }>)[0]!.schema;
    const whole = { ...(strict(content) as object), $defs: strict(document.components.schemas) };
    return z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]);
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`);
}

/** The same schema, closed, with its references where the validator looks for them. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema === "string") return schema.replace("#/components/schemas/", "#/$defs/");
  if (typeof schema !== "object" || schema === null) return schema;
  // The validator takes a reference for a whole URL.
  const kept = Object.entries(schema).filter(([key, value]) => !(key === "format" && value === "uri-reference"));
  const inside = Object.fromEntries(kept.map(([key, value]) => [key, strict(value)]));
  return inside["type"] === "object" && "properties" in inside && !("additionalProperties" in inside)
    ? { ...inside, additionalProperties: false }
    : inside;
}
