/** Many who follow the events: who gets what, and how many are written to at a time. */
import assert from "node:assert/strict";
import { Audience } from "../../../lib/status/audience.ts";
import { test } from "../../support/test.ts";
import { keptEvents } from "./kept_events.ts";

/** A source of events and those who follow it, each with the ids that he was written, by piece. */
class Hall {
  readonly events: ReturnType<typeof keptEvents> = keptEvents();
  readonly audience: Audience = new Audience(this.events);
  readonly heard = new Map<string, number[][]>();

  join(name: string, about?: string): () => void {
    const pieces: number[][] = [];
    this.heard.set(name, pieces);
    return this.audience.join({
      about,
      write: (bytes) => {
        const text = new TextDecoder().decode(bytes);
        pieces.push([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)));
      },
    });
  }

  tell(id: number, instance: string): void {
    const time = new Date(id / 1000).toISOString();
    this.events.tell({ id, time, level: "notice", event: "x", message: "", instance });
  }
}

const round = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

test("what is told together comes in one piece, to each what he follows", async () => {
  const hall = new Hall();
  const leave = ["all", "A", "B"].map((name) => hall.join(name, name === "all" ? undefined : name));
  hall.tell(1, "A");
  hall.tell(2, "B");
  hall.tell(3, "A");
  leave.push(hall.join("late"));
  hall.tell(4, "A");
  for (let rounds = 0; rounds < 5; rounds++) await round();
  hall.tell(5, "B");
  for (let rounds = 0; rounds < 5; rounds++) await round();
  assert.deepEqual(Object.fromEntries(hall.heard), {
    all: [[1, 2, 3, 4], [5]],
    A: [[1, 3, 4]],
    B: [[2], [5]],
    late: [[4], [5]],
  });
  assert.equal(hall.events.followers, 1);
  for (const go of leave) go();
  assert.equal(hall.events.followers, 0);
});

test("many readers are written to a few in a round of the loop", async () => {
  const hall = new Hall();
  const leave = Array.from({ length: 100 }, (_, at) => hall.join(`${at}`));
  const written = (): number =>
    [...hall.heard.values()].filter((pieces) => pieces.length > 0).length;
  hall.tell(1, "A");
  assert.equal(written(), 0, "not in the step of the engine that told it");
  const counts: number[] = [];
  while (written() < 100) {
    const before = written();
    await round();
    counts.push(written() - before);
  }
  assert.ok(Math.max(...counts) <= 8, `${counts}`);
  // Who leaves in the middle gets nothing more, and the others get it once.
  hall.tell(2, "A");
  await round();
  leave[99]?.();
  for (let rounds = 0; rounds < 30; rounds++) await round();
  assert.deepEqual(hall.heard.get("98"), [[1], [2]]);
  assert.deepEqual(hall.heard.get("99"), [[1]]);
  for (const go of leave) go();
});
