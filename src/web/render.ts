import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LRUCache } from "lru-cache";
import nunjucks from "nunjucks";

/** A page as HTML text, from a template and what it shows. */
export type Render = (template: string, context: object) => string;

/** Some kilobytes each. */
const mostPartsRemembered = 200;

/** Templates are ours, and nhsuk-frontend's components. Everything shown is escaped: titles and names come from records. */
export function makeRender(styleUrl: string): Render {
  const components = dirname(dirname(fileURLToPath(import.meta.resolve("nhsuk-frontend"))));
  const loader = new nunjucks.FileSystemLoader([join(import.meta.dirname, "templates"), components]);
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: false, trimBlocks: true, lstripBlocks: true });
  environment.addGlobal("styleUrl", styleUrl);
  environment.addGlobal("remembered", rememberParts(environment));
  return (template, context) => environment.render(template, context);
}

/** Parts that many pages show as they are, and that take long: nhsuk-frontend's select takes as long for each option as ours for a whole row. */
function rememberParts(environment: nunjucks.Environment): (template: string, context: object) => nunjucks.runtime.SafeString {
  const parts = new LRUCache<string, nunjucks.runtime.SafeString>({ max: mostPartsRemembered });
  return (template, context) => {
    const name = `${template} ${JSON.stringify(context)}`;
    const held = parts.get(name);
    if (held) return held;
    const part = new nunjucks.runtime.SafeString(environment.render(template, context));
    parts.set(name, part);
    return part;
  };
}
