import type { Chart } from "./chart.ts";
import { dialectOf } from "./dialect.ts";
import type { Letter } from "./pathway.ts";

/** What a letter is called: some EPRs keep documents, others compose them. */
export function letterRecord({ hospital }: Chart, { id }: Letter): string {
  return `${dialectOf[hospital.options.dialect].letters}/${id}`;
}
