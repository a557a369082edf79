import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FaultyOrders, PullWord } from "./faulty-child.ts";

const child = fileURLToPath(new URL("faulty-child.ts", import.meta.url));

/** Has processes of their own pull as they are told, one order after another, and a fresh one wherever one was killed. */
export interface PullRunner {
  /** Undefined where the process was killed meanwhile. */
  obey(orders: FaultyOrders): Promise<PullWord | undefined>;
  /** SIGKILL, whatever it is doing. */
  kill(): void;
  close(): Promise<void>;
}

export function startPullRunner(): PullRunner {
  // Starting one takes longer than a scan: the next is started beside the one that works.
  let [working, spare] = [start(), start()];
  return {
    obey: (orders) =>
      new Promise((resolve, reject) => {
        const hear = (word: PullWord): void => {
          working.off("exit", bury);
          resolve(word);
        };
        const bury = (code: number | null, signal: NodeJS.Signals | null): void => {
          [working, spare] = [spare, start()];
          if (signal === "SIGKILL") resolve(undefined);
          else reject(new Error(`The process that pulled ended by itself (${String(code ?? signal)}): its own words stand above.`));
        };
        working.once("message", hear);
        working.once("exit", bury);
        working.send(orders);
      }),
    kill: () => void working.kill("SIGKILL"),
    async close() {
      for (const each of [working, spare]) {
        const exited = once(each, "exit");
        each.disconnect();
        await exited;
      }
    },
  };
}

function start(): ChildProcess {
  // Coverage may begin at -Infinity, which JSON has no word for.
  return fork(child, { execArgv: [], serialization: "advanced" });
}
