/** The few fields that are read of records that exist already; anything else in them is none of our business. */
export interface GivenRecord {
  readonly resourceType: string;
  readonly id?: string;
  readonly status?: string;
  readonly issued?: string;
  readonly effectiveDateTime?: string;
  readonly category?: readonly GivenConcept[];
  readonly code?: GivenConcept;
  readonly subject?: GivenReference;
  readonly encounter?: GivenReference;
  readonly result?: readonly GivenReference[];
  readonly conclusionCode?: readonly GivenConcept[];
  readonly interpretation?: readonly GivenConcept[];
  readonly valueQuantity?: GivenQuantity;
  readonly referenceRange?: readonly { readonly low?: GivenQuantity; readonly high?: GivenQuantity }[];
  readonly class?: { readonly code?: string };
  readonly period?: { readonly start?: string; readonly end?: string };
  readonly birthDate?: string;
  readonly deceasedDateTime?: string;
}

export interface GivenConcept {
  readonly coding?: readonly { readonly system?: string; readonly code?: string; readonly display?: string }[];
  readonly text?: string;
}

interface GivenReference {
  readonly reference?: string;
}

interface GivenQuantity {
  readonly value?: number;
  readonly code?: string;
  readonly unit?: string;
}

/** `Type/id` of a relative, absolute or versioned reference. */
export function keyOfReference(reference: GivenReference | undefined): string | undefined {
  return /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9.-]+)(?:\/_history\/.*)?$/.exec(reference?.reference ?? "")?.[1];
}

export function codesOf(concepts: readonly GivenConcept[] | undefined): string[] {
  return (concepts ?? []).flatMap(({ coding = [] }) => coding.map(({ code = "" }) => code));
}
