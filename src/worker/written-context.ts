import { compileMapping, type Mapping } from "../normalise/mapping.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";

/** A context as it goes to another thread: its mapping as it is written, for what is made of it holds what no thread can hand over. */
export interface WrittenContext extends Omit<NormaliseContext, "mapping"> {
  readonly mapping: Mapping["written"];
}

export function writeContext(context: NormaliseContext): WrittenContext {
  return { ...context, mapping: context.mapping.written };
}

export function readContext(written: WrittenContext): NormaliseContext {
  return { ...written, mapping: compileMapping(written.mapping) };
}
