/** One place in a resource at which what came back is not what was put; list positions are left out of its path. */
export interface Difference {
  readonly path: string;
  readonly kind: "lost" | "changed" | "added";
}

/** Each place once, in the order of `put`. A part that is lost or added whole is one place. */
export function jsonDifferences(put: unknown, got: unknown): Difference[] {
  const found = new Map([...compare("", put, got)].map((each) => [`${each.kind} ${each.path}`, each]));
  return [...found.values()];
}

function* compare(path: string, put: unknown, got: unknown): Generator<Difference> {
  if (put === undefined && got === undefined) return;
  if (got === undefined) yield { path, kind: "lost" };
  else if (put === undefined) yield { path, kind: "added" };
  else if (isTree(put) && isTree(got) && Array.isArray(put) === Array.isArray(got)) {
    for (const key of new Set([...Object.keys(put), ...Object.keys(got)])) {
      yield* compare(Array.isArray(put) ? path : join(path, key), put[key], got[key]);
    }
  } else if (put !== got) yield { path, kind: "changed" };
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
