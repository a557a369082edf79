import { setFlagsFromString } from "node:v8";

let allowed = 0;

/**
 * Lets all heaps of the process grow by so many per cent between collections, where they may not yet: less work for the collector, and more
 * memory. The program is started with 50 (decision 0034).
 */
export function letHeapsGrow(percent: number): void {
  if (percent <= allowed) return;
  allowed = percent;
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
