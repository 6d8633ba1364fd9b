/**
 * For processes that end soon. Bun compiles a function, and later compiles it better, when it has
 * run so many times. In a few dozen milliseconds that costs more than it gains, and where others
 * want the processors it costs twice. Deno has nothing of the kind.
 */

interface Runtime {
  readonly Bun?: { readonly unsafe: { setJITPolicy(scale: number): void } };
}

/** Has the runtime compile only what runs so many times more often than usual. */
export function compileReluctantly(times: number): void {
  (globalThis as Runtime).Bun?.unsafe.setJITPolicy(times);
}
