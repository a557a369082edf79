import { entryFaults } from "./entry-faults.ts";
import type { Fault } from "./fault.ts";
import { linkFaults } from "./link-faults.ts";
import { refusals } from "./refusals.ts";
import { searchFaults } from "./search-faults.ts";
import { wireFaults } from "./wire-faults.ts";

/** Every fault that is known, in the order in which several that befall one question take effect. */
export const faultTable: readonly Fault[] = [...searchFaults, ...refusals, ...entryFaults, ...linkFaults, ...wireFaults];
