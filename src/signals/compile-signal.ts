import type { Calendar } from "../domain/calendar/calendar.ts";
import { defaultCalendar } from "../domain/calendar/default-calendar.ts";
import type { Signal } from "../domain/signal.ts";
import { compileHead } from "./compile-head.ts";
import { compileLoop } from "./compile-loop.ts";
import { compileSequence } from "./compile-sequence.ts";
import type { ValueSets } from "./read-value-sets.ts";
import type { WrittenSignal } from "./signal-schema.ts";

/** A signal as detection reads it, with every default filled in. */
export function compileSignal(written: WrittenSignal, sets: ValueSets, calendar: Calendar = defaultCalendar): Signal {
  if (written.loop) return { ...compileHead(written), loop: compileLoop(written.loop, sets, calendar) };
  if (written.sequence) return { ...compileHead(written), sequence: compileSequence(written.sequence, sets) };
  throw new Error(`the schema has let through a signal without a template: ${written.id}`);
}
