/**
 * Long work beside the packets: a millisecond of it, then whatever else the daemon has to do.
 */

/** How long the daemon may be at it before it looks at its sockets again. */
const sliceMs = 1;

/** Does something with each item, all of them in order; resolves after the last one. */
export async function inSlices<T>(items: Iterable<T>, act: (item: T) => void): Promise<void> {
  let until = performance.now() + sliceMs;
  for (const item of items) {
    act(item);
    if (performance.now() < until) continue;
    await new Promise((resolve) => setImmediate(resolve));
    until = performance.now() + sliceMs;
  }
}
