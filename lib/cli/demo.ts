/**
 * `standin demo`: two real daemons and a client on a network of their own inside this machine, and
 * a failover that is measured. The command runs twice: the first one has no rights and only starts
 * the second within a user namespace, where everybody is root over networks that they made. Between
 * the two stands a directory, which the first makes, tells the second by an environment variable,
 * and removes, whatever becomes of the second.
 */
import process from "node:process";

/** What can be said about a demo. */
export interface DemoOptions {
  /** Keep both routers running after the story, until Ctrl-C. */
  readonly stay: boolean;
  /** One JSON document at the end in place of the timeline. */
  readonly json: boolean;
}

/** Names the directory of the demo; who has it is inside. */
const directoryVariable = "STANDIN_DEMO_DIRECTORY";

/** `standin demo`; resolves with the exit code, which is 1 when no takeover happened. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const directory = process.env[directoryVariable];
  if (directory !== undefined) {
    return await (await import("./demo/inside.ts")).runInside(directory, options);
  }
  const { runInSandbox } = await import("./demo/sandbox.ts");
  return await runInSandbox(directoryVariable, options);
}
