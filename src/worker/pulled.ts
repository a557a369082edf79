/** What a source yields, from wherever: one way into the database. */
export type Pulled = PulledResource | PulledText;

interface Place {
  readonly file: string;
  readonly line: number;
}

export interface PulledResource extends Place {
  readonly kind: "resource";
  readonly resource: unknown;
  /** The JSON that it alone came in, as it was written. */
  readonly text?: string;
}

interface PulledText extends Place {
  readonly kind: "unusable";
  readonly code: string;
  readonly reason: string;
  readonly text: string;
}
