/** A part of the host that is loaded when it is needed, and what an effect that fails leaves. */
import assert from "node:assert/strict";
import { openLibc, Poller } from "../../../ffi/mod.ts";
import { seconds } from "../../../lib/base/mod.ts";
import type { EngineEvent } from "../../../lib/engine/mod.ts";
import { LazyPart, type PartTools } from "../../../lib/host/linux/lazy_part.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

test("what an effect throws reaches its caller, and nothing waits for it for ever", async () => {
  const heard: EngineEvent[] = [];
  using poller = new Poller(libc, () => {});
  const tools = {
    libc,
    poller,
    quiet: () => seconds(1),
    feed: (event: EngineEvent) => void heard.push(event),
  };
  const { promise: loaded, resolve } = Promise.withResolvers<PartTools>();
  const part = new LazyPart<"good" | "bad">(tools, (given) => {
    resolve(given);
    return Promise.resolve({
      perform: (effect) => {
        if (effect === "bad") throw new Error("no space left on device");
      },
      close: () => {},
    });
  });
  part.perform("good");
  const { feed } = await loaded;
  await new Promise((next) => setImmediate(next));
  assert.throws(() => part.perform("bad"), /no space/);
  feed({ kind: "clear-counters" });
  assert.equal(heard.length, 1);
  part.close();
});
