/** In whose name something is pulled: one run of one source of one site. */
export interface PullScope {
  readonly siteId: number;
  readonly site: { readonly name: string };
  readonly source: string;
  readonly runId: string;
}
