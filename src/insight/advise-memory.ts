import type { DatabaseMemory } from "../store/database-memory.ts";

const megabyte = 1024 ** 2;
/** What PostgreSQL takes where nobody says more. */
const usualBuffers = 128 * megabyte;
/** What is smaller is in the system's file cache anyway. */
const worthWhile = 1024 * megabyte;

/** What to do where a large database has no more memory than PostgreSQL takes by itself; undefined where nothing is. */
export function adviseMemory({ bytes, sharedBuffers }: DatabaseMemory): string | undefined {
  if (sharedBuffers > usualBuffers || bytes < worthWhile) return undefined;
  const [held, kept] = [`${(bytes / (1024 * megabyte)).toFixed(1)} GB`, `${Math.round(sharedBuffers / megabyte)} MB`];
  return `The database holds ${held}, and PostgreSQL keeps ${kept} of it in memory (shared_buffers), no more than where nobody has set it. What a day brings lies all over its indexes, so scans wait for the disk. Set shared_buffers to a quarter of the memory of PostgreSQL's machine: alter system set shared_buffers = '4GB' there, and restart it.`;
}
