import { isBuiltin } from "node:module";
import { posix } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { allowedFolders, allowedLibraries } from "./allowed-imports.ts";
import { importsOf, type Import } from "./imports-of.ts";

/** What is wrong with the imports of one file, one sentence each; `path` is relative to the project's root. */
export function importFaults(path: string, text: string): string[] {
  const home = homeOf(path);
  if (home === undefined) {
    return path.startsWith("src/") ? [`${path} stands in a folder that the table of allowed imports does not know`] : [];
  }
  return importsOf(text).flatMap((each) => {
    const fault = each.specifier.startsWith(".") ? pathFault(path, home, each) : libraryFault(path, each);
    return fault === undefined ? [] : [`${path} imports ${each.specifier}: ${fault}`];
  });
}

function homeOf(path: string): string | undefined {
  return Object.keys(allowedFolders).find((folder) => isWithin(path, folder));
}

function isWithin(path: string, place: string): boolean {
  return path === place || path === `${place}.ts` || path.startsWith(`${place}/`);
}

function pathFault(path: string, home: string, each: Import): string | undefined {
  const target = posix.join(posix.dirname(path), each.specifier);
  if (isWithin(target, home)) return undefined;
  if (!target.startsWith("src/")) return path.startsWith("src/") ? "src imports nothing from outside src" : undefined;
  const allowed = allowedFolders[home] ?? [];
  if (allowed.some((place) => reaches(place, target, each.typeOnly))) return undefined;
  return `${home} may import ${allowed.length === 0 ? "no other folder" : `only ${allowed.join(", ")}`}`;
}

function reaches(place: string, target: string, typeOnly: boolean): boolean {
  if (place === "*") return true;
  if (place.startsWith("type ")) return typeOnly && isWithin(target, `src/${place.slice("type ".length)}`);
  return isWithin(target, `src/${place}`);
}

function libraryFault(path: string, each: Import): string | undefined {
  if (!path.startsWith("src/") || isBuiltin(each.specifier)) return undefined;
  const library = libraryOf(each.specifier);
  const homes = allowedLibraries[library];
  if (homes !== undefined && !homes.some((home) => isWithin(path, home))) return `only ${homes.join(", ")} may`;
  if (!each.typeOnly && !Object.hasOwn(packageJson.dependencies, library)) return "it is not among the dependencies of package.json";
  return undefined;
}

function libraryOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
