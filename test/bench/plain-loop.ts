import { Client } from "fhir-kit-client";

/** What a script of ten lines does: page after page, counting. */
const [base = ""] = process.argv.slice(2);
const client = new Client({ baseUrl: base });
let count = 0;
let page = await client.resourceSearch({ resourceType: "AuditEvent", searchParams: { _count: "200" } });
for (;;) {
  count += (page as { entry?: unknown[] }).entry?.length ?? 0;
  const next = await client.nextPage({ bundle: page as never });
  if (next === undefined) break;
  page = next;
}
console.log(count);
