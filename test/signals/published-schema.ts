import { z } from "zod";
import { seriesSchema } from "../../src/signals/series-schema.ts";
import { signalSchema } from "../../src/signals/signal-schema.ts";

interface ObjectSchema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

/**
 * The schema that editors check a signal's file with, whatever its template: the head that all have in common, exactly one of
 * the templates, and the examples that go with it.
 */
export function publishedSchema(): object {
  const [signal, series] = [signalSchema, seriesSchema].map((schema) => z.toJSONSchema(schema, { io: "input" }) as unknown as ObjectSchema);
  if (!signal || !series) throw new Error("both schemas are objects");
  const { loop, sequence, examples, ...head } = signal.properties;
  const { series: template, examples: seriesExamples } = series.properties;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A signal of Followthrough",
    description: "A loop, a sequence or a series: exactly one of them.",
    type: "object",
    properties: { ...head, loop, sequence, series: template, examples: { description: "What shows it, each beside what it must say." } },
    required: signal.required,
    additionalProperties: false,
    oneOf: [branch("loop", "examples"), branch("sequence", "examples"), branch("series", "seriesExamples")],
    $defs: { examples, seriesExamples },
  };
}

const templates = ["loop", "sequence", "series"] as const;

/** This template and no other, with its examples. */
function branch(template: (typeof templates)[number], examples: "examples" | "seriesExamples"): object {
  const properties = Object.fromEntries(templates.map((each) => [each, each === template ? {} : false]));
  return { required: [template], properties: { ...properties, examples: { $ref: `#/$defs/${examples}` } } };
}
