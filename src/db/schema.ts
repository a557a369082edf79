/** The tables, as kysely knows them. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Database {}
