import { posix } from "node:path";

const emptyNames = new Set(["utils", "helpers", "common", "types", "index", "manager", "service"]);
/** Empty at the end of a longer name too; `resource-types` or `healthcare-service` say something, so the others are not. */
const emptyEndings = ["-utils", "-helpers", "-manager"];
const longestFile = 250;

/** What is wrong with a file's name or length, one sentence each; `path` is relative to the project's root. */
export function fileFaults(path: string, text: string): string[] {
  const words = path.split("/").map((part) => part.split(".")[0] ?? part);
  const lines = text.trimEnd().split("\n").length;
  return [
    ...words.filter(saysNothing).map((word) => `${path}: the name "${word}" says nothing; name it for what it exports`),
    ...words.filter((word) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word)).map((word) => `${path}: "${word}" is not kebab-case`),
    ...(posix.extname(path) === ".ts" && lines > longestFile ? [`${path} has ${lines} lines; stop at ${longestFile}`] : []),
  ];
}

function saysNothing(word: string): boolean {
  return emptyNames.has(word) || emptyEndings.some((ending) => word.endsWith(ending));
}
