import type { Endpoint } from "./endpoint.ts";
import { getCaseEndpoint } from "./get-case.ts";
import { getDueRunEndpoint } from "./get-due-run.ts";
import { getFindingEndpoint } from "./get-finding.ts";
import { getQuarantinedEndpoint } from "./get-quarantined.ts";
import { getRunEndpoint } from "./get-run.ts";
import { getSeriesEndpoint } from "./get-series.ts";
import { getSignalEndpoint } from "./get-signal.ts";
import { listAlarmsEndpoint } from "./list-alarms.ts";
import { listCasesEndpoint } from "./list-cases.ts";
import { listFeedStatementsEndpoint } from "./list-feed-statements.ts";
import { listFeedsEndpoint } from "./list-feeds.ts";
import { listFindingReviewsEndpoint } from "./list-finding-reviews.ts";
import { listFindingsEndpoint } from "./list-findings.ts";
import { listQuarantineEndpoint } from "./list-quarantine.ts";
import { listRunsEndpoint } from "./list-runs.ts";
import { listSignalsEndpoint } from "./list-signals.ts";
import { listSitesEndpoint } from "./list-sites.ts";
import { listUnknownsEndpoint } from "./list-unknowns.ts";
import { postReplayEndpoint } from "./post-replay.ts";
import { postFeedStatementEndpoint } from "./post-feed-statement.ts";
import { postReviewEndpoint } from "./post-review.ts";
import { postRunEndpoint } from "./post-run.ts";
import { undoFeedStatementEndpoint } from "./undo-feed-statement.ts";

/** Everything under `/api/v1`, in the order in which the page of the API tells it. */
export const endpoints: readonly Endpoint[] = [
  listCasesEndpoint,
  getCaseEndpoint,
  listFindingsEndpoint,
  getFindingEndpoint,
  listFindingReviewsEndpoint,
  postReviewEndpoint,
  listUnknownsEndpoint,
  listSitesEndpoint,
  listFeedsEndpoint,
  listFeedStatementsEndpoint,
  postFeedStatementEndpoint,
  undoFeedStatementEndpoint,
  listAlarmsEndpoint,
  getSeriesEndpoint,
  listRunsEndpoint,
  getRunEndpoint,
  postRunEndpoint,
  getDueRunEndpoint,
  listQuarantineEndpoint,
  // Before the one whose path would take `replays` for a key.
  postReplayEndpoint,
  getQuarantinedEndpoint,
  listSignalsEndpoint,
  getSignalEndpoint,
];
