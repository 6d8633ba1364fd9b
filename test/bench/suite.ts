/**
 * A suite answers questions that are measured together. It brings its own network and leaves none.
 */
import type { Row } from "./row.ts";

/** Measurements that belong together. */
export interface Suite {
  /** What `BENCH=` selects, and the name of its JSON file. */
  readonly name: string;
  /** About how long it takes. */
  readonly seconds: number;
  /** Measures; `progress` tells a waiting person what goes on. */
  run(progress: (what: string) => void): Promise<readonly Row[]>;
}
