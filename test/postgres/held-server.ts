import { startOddServer } from "../fhir/odd-server.ts";

/** A server that leaves whoever asks without an answer, until it is released. */
export async function startHeldServer(): Promise<{ origin: string; isAsked: () => boolean; release: () => void }> {
  let isHeld = true;
  const { origin, asked } = await startOddServer(() =>
    isHeld ? undefined : { body: { resourceType: "CapabilityStatement", fhirVersion: "4.0.1", rest: [{ mode: "server" }] } },
  );
  return { origin, isAsked: () => asked.length > 0, release: () => void (isHeld = false) };
}
