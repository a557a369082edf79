import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import nunjucks from "nunjucks";

/** A page as HTML text, from a template and what it shows. */
export type Render = (template: string, context: object) => string;

/** Templates are ours, and nhsuk-frontend's components. Everything shown is escaped: titles and names come from records. */
export function makeRender(styleUrl: string): Render {
  const components = dirname(dirname(fileURLToPath(import.meta.resolve("nhsuk-frontend"))));
  const loader = new nunjucks.FileSystemLoader([join(import.meta.dirname, "templates"), components]);
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: false, trimBlocks: true, lstripBlocks: true });
  environment.addGlobal("styleUrl", styleUrl);
  return (template, context) => environment.render(template, context);
}
