import { asList, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";

const preferred = ["official", "usual", undefined];

/** As an identity banner shows it (NHS Common User Interface): `FAMILY, Given (Title)`. */
export function readPersonName(value: unknown): string | undefined {
  const names = listObjects(value);
  for (const use of preferred) {
    const name = names.find((each) => textOf(each["use"])?.toLowerCase() === use && displayName(each) !== undefined);
    if (name !== undefined) return displayName(name);
  }
  return names.map(displayName).find((name) => name !== undefined);
}

function displayName(name: JsonObject): string | undefined {
  const family = asList(name["family"])
    .map(textOf)
    .filter((part) => part !== undefined)
    .join(" ");
  const given = asList(name["given"])
    .map(textOf)
    .find((part) => part !== undefined);
  const title = asList(name["prefix"])
    .map(textOf)
    .find((part) => part !== undefined);
  if (family === "") return textOf(name["text"]) ?? given;
  return `${family.toUpperCase()}${given === undefined ? "" : `, ${given}`}${title === undefined ? "" : ` (${title})`}`;
}
