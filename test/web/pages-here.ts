import { parse, type HTMLElement } from "node-html-parser";
import type { Connection } from "../../src/db/connect.ts";
import { makeExaminations } from "../../src/commands/make-examinations.ts";
import type { HttpParts } from "../../src/http/http-parts.ts";
import { makePages } from "../../src/web/make-pages.ts";
import { serveHere, type ServedHere } from "../http/serve-here.ts";

/** An answer as a person reads it. */
export interface ShownPage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly document: HTMLElement;
  /** The text of what a selector finds, white space as a browser shows it, in their order. */
  readonly texts: (selector: string) => string[];
}

export interface PagesHere extends ServedHere {
  readonly get: (path: string) => Promise<ShownPage>;
  /** Sends a form of a page as a browser would, with what a person fills in; redirects are not followed. */
  readonly send: (form: HTMLElement, filledIn: Readonly<Record<string, string>>) => Promise<ShownPage>;
}

/** The pages on a loopback port, over an open database that is left open. */
export async function pagesHere(connection: Connection, more: Partial<HttpParts> = {}): Promise<PagesHere> {
  const { url, logged, close } = await serveHere(
    connection,
    (parts) => makePages(parts, makeExaminations(connection, parts.config, { ...parts, random: () => 0 })),
    more,
  );
  const get = async (path: string): Promise<ShownPage> => show(await fetch(url + path, { redirect: "manual" }));
  return {
    url,
    logged,
    get,
    send: async (form, filledIn) => {
      const body = fieldsOf(form, filledIn);
      const action = form.getAttribute("action")!;
      return show(await fetch(url + action, { method: "POST", body, headers: { origin: url }, redirect: "manual" }));
    },
    close,
  };
}

async function show(response: Response): Promise<ShownPage> {
  const html = await response.text();
  const document = parse(html);
  const texts = (selector: string): string[] => document.querySelectorAll(selector).map((each) => readable(each.textContent));
  return { status: response.status, headers: response.headers, html, document, texts };
}

export function readable(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** What a browser would send: hidden fields, what is chosen, and what is filled in. */
function fieldsOf(form: HTMLElement, filledIn: Readonly<Record<string, string>>): URLSearchParams {
  const fields = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    const name = input.getAttribute("name")!;
    if (name in filledIn) continue;
    const isSent = input.getAttribute("type") === "hidden" || input.hasAttribute("checked");
    if (isSent) fields.append(name, input.getAttribute("value") ?? "");
  }
  for (const area of form.querySelectorAll("textarea")) {
    const name = area.getAttribute("name")!;
    if (!(name in filledIn)) fields.append(name, area.textContent.trim());
  }
  for (const [name, value] of Object.entries(filledIn)) fields.append(name, value);
  return fields;
}

/** The form by the heading of its section. */
export function formUnder({ document }: ShownPage, heading: string): HTMLElement {
  const found = document.querySelectorAll("h2").find((each) => readable(each.textContent).startsWith(heading));
  const form = found?.parentNode?.querySelector("form");
  if (!form) throw new Error(`There is no form under "${heading}".`);
  return form;
}

/** What follows a heading in its section, without the heading. */
export function under({ document }: ShownPage, heading: string): string {
  const found = document.querySelectorAll("h2").find((each) => readable(each.textContent) === heading);
  if (!found) throw new Error(`There is no heading "${heading}".`);
  return readable(found.parentNode!.textContent).slice(heading.length).trim();
}
