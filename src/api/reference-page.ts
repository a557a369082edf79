import { problemKinds } from "../http/problem-kinds.ts";
import type { OpenApiDocument } from "./openapi-document.ts";

/** What the page shows of an operation; the document has more. */
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }>
  >;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly description?: string; readonly examples?: readonly string[]; readonly default?: string | number };
}

/** The document as one page of HTML, without script; what reads without an id can be tried by its link. */
export function referencePage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  );
  const schemas = Object.entries(document.components?.schemas ?? {});
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)}: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/reference.css">
</head>
<body>
<main>
<h1>${escape(document.info.title)}: the API</h1>
<p>${inline(document.info.description ?? "")}</p>
<p><a href="/api/openapi.json">The same as OpenAPI 3.1</a> · <a href="/">The worklist</a></p>
<nav aria-label="Operations"><ul>
${operations.map(({ path, method }) => `<li><a href="#${anchor(method, path)}"><code>${method.toUpperCase()} ${escape(path)}</code></a></li>`).join("\n")}
</ul></nav>
${operations.map(({ path, method, operation }) => showOperation(path, method, operation)).join("\n")}
<h2 id="schemas">What the answers are made of</h2>
${schemas.map(([name, schema]) => `<h3 id="schema-${escape(name)}">${escape(name)}</h3>\n${showSchema(schema)}`).join("\n")}
<h2 id="problems">Problems</h2>
<dl>
${Object.entries(problemKinds)
  .map(([code, { status, title }]) => `<dt id="problem-${code}"><code>${code}</code></dt><dd>${status}: ${escape(title)}</dd>`)
  .join("\n")}
<dt id="problem-defect"><code>defect</code></dt><dd>500: a defect of Followthrough; its log names the same instance</dd>
</dl>
</main>
</body>
</html>
`;
}

function showOperation(path: string, method: string, { summary, description, parameters = [], requestBody, responses }: Operation): string {
  const body = requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(responses).map(([status, response]) => {
    const schema = response.content?.["application/json"]?.schema;
    return `<dt>${status}</dt><dd>${escape(response.description)}${schema === undefined ? "" : showSchema(schema)}</dd>`;
  });
  return `<h2 id="${anchor(method, path)}"><code>${method.toUpperCase()} ${escape(path)}</code></h2>
<p>${inline(summary ?? "")}</p>
${description === undefined ? "" : `<p>${inline(description)}</p>`}
${method === "get" && !path.includes("{") ? `<p><a href="${escape(path)}">Try <code>${escape(path)}</code></a></p>` : ""}
${parameters.length === 0 ? "" : `<h3>Parameters</h3>\n<dl>\n${parameters.map(showParameter).join("\n")}\n</dl>`}
${body === undefined ? "" : `<h3>Body</h3>\n${showSchema(body)}`}
<h3>Answers</h3>
<dl>
${answers.join("\n")}
</dl>`;
}

function showParameter({ name, in: place, required, schema }: Parameter): string {
  const notes = [
    place === "path" ? "in the path" : "",
    required === true && place !== "path" ? "required" : "",
    schema.default === undefined ? "" : `${schema.default} where it is not given`,
    schema.examples === undefined ? "" : `such as ${schema.examples.join(", ")}`,
  ].filter((each) => each !== "");
  return `<dt><code>${escape(name)}</code></dt><dd>${inline([schema.description ?? "", ...notes].filter(Boolean).join("; "))}</dd>`;
}

function showSchema(schema: unknown): string {
  const text = escape(JSON.stringify(schema, undefined, 2));
  const linked = text.replace(/#\/components\/schemas\/(\w+)/g, (_, name: string) => `<a href="#schema-${name}">${name}</a>`);
  return `<details><summary>Schema</summary><pre>${linked}</pre></details>`;
}

function anchor(method: string, path: string): string {
  return `${method}${path.replace(/[^a-z0-9]+/gi, "-")}`;
}

/** What stands between backticks is code. */
function inline(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
