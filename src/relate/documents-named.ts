import type { Key, Ref } from "../domain/facts.ts";
import { resolveAll, typeOf, type World } from "./world.ts";

/** The documents among what a record names, read or not. */
export function documentsNamed(world: World, refs: readonly (Ref | undefined)[]): Key[] {
  return resolveAll(world, refs).filter((key) => ["DocumentReference", "Composition"].includes(typeOf(key)));
}
