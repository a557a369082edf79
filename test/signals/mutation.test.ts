import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { runExample } from "../../src/signals/run-example.ts";
import { mutationsOf } from "./signal-mutations.ts";

describe.each(readCatalogue().map((file) => ({ id: file.signal.id, file })))(
  "the examples of $id notice when",
  ({ file: { signal, examples } }) => {
    test.each(mutationsOf(signal))("$what", (mutant) => {
      expect(examples.filter((example) => !runExample(mutant, example).passed).map(({ name }) => name)).not.toEqual([]);
    });
  },
);
