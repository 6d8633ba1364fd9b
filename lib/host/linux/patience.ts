/**
 * Waiting, but not for ever: a disk or a program that hangs does not keep the daemon from ending.
 */

/** What the work comes to, or `over` after so many milliseconds; throws what the work throws. */
export async function withPatience<T>(work: Promise<T>, limitMs: number): Promise<T | "over"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<"over">((resolve) => {
    timer = setTimeout(() => resolve("over"), limitMs);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
