/** The part of the library that is used; it ships no types of its own. */
declare module "@lhncbc/ucum-lhc" {
  export class UcumLhcUtils {
    static getInstance(): UcumLhcUtils;
    convertUnitTo(
      from: string,
      value: number,
      to: string,
      options?: { suggest?: boolean; molecularWeight?: number; charge?: number },
    ): { status: "succeeded" | "failed" | "error"; toVal: number | null };
  }
}
