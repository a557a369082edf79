import type { SourceExamination } from "./examine-source.ts";
import type { SiteHealth } from "./site-health.ts";

/** What the page of the doctor, and the API where it says what runs, are made from. Nothing here makes a page wait for long, whatever a server or a database does. */
export interface Examinations {
  /** What is held of a site; `later`: it takes longer than a page may, and goes on; `nothing`: nothing is held. */
  readonly held: (site: string) => Promise<SiteHealth | "later" | "nothing">;
  /** What the last look at its sources found, in this process; undefined: nobody looked yet. */
  readonly asked: (site: string) => readonly SourceExamination[] | undefined;
  readonly isAsking: (site: string) => boolean;
  /** Looks at its sources, once however many ask; ends when that has, or when it takes longer than a page may. */
  readonly ask: (site: string) => Promise<void>;
}
