import type { Request } from "express";
import { commandLineViewer, type Viewer } from "../domain/viewer.ts";

/** Who asks. Until there is sign-in everybody who reaches the server is the one viewer of the command line. */
export function viewerOf(_request: Request): Viewer {
  return commandLineViewer;
}
