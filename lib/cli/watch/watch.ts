/**
 * `standin status --watch`: a look each second. On a terminal the text is redrawn in place and can
 * be scrolled; elsewhere it is printed when something in it is different. A daemon that is away or
 * does not answer is waited for, and both ends of that are said.
 */
import process from "node:process";
import { exitCode } from "../exit.ts";
import { complain, print, wantsColours } from "../output.ts";
import { renderStatus } from "../status_table.ts";
import { actOf } from "./frame.ts";
import { isHopeless, looks, type Subject } from "./looks.ts";
import { Screen } from "./screen.ts";
import { Watched } from "./watched.ts";

/** Watches until somebody interrupts; resolves with the exit code. */
export async function watchStatus(subject: Subject, json: boolean): Promise<number> {
  if (process.stdout.isTTY === true && !json && process.env["TERM"] !== "dumb") {
    return await watchOnScreen(subject);
  }
  return await watchAsText(subject, json);
}

async function watchAsText(subject: Subject, json: boolean): Promise<number> {
  let shown: string | undefined;
  let problem: string | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => process.exit(exitCode.ok));
  }
  for await (const seen of looks(subject, () => false)) {
    if (seen.kind === "problem") {
      if (problem === undefined) complain(`standin: ${seen.text}`);
      if (isHopeless(seen)) return exitCode.cannotRun;
      problem = seen.text;
      continue;
    }
    if (problem !== undefined) complain("standin: the daemon answers again");
    problem = undefined;
    if (json) {
      print(JSON.stringify(seen.snapshot));
      continue;
    }
    // Times that pass are no difference.
    const look = { columns: 80, colours: wantsColours() };
    const text = renderStatus(seen.snapshot, { ...look, now: 0 });
    if (text === shown) continue;
    if (shown !== undefined) print("");
    print(renderStatus(seen.snapshot, { ...look, now: Date.now() }));
    shown = text;
  }
  return exitCode.ok;
}

async function watchOnScreen(subject: Subject): Promise<number> {
  const watched = new Watched();
  let end = (): void => {};
  let ended = false;
  const isEnded = new Promise<void>((resolve) => {
    end = () => {
      ended = true;
      resolve();
    };
  });
  const screen = new Screen({
    redraw: () => watched.draw(screen),
    end: () => end(),
    key(key: string): void {
      const act = actOf(key, screen.size.rows);
      if (act?.kind === "end") end();
      else if (act?.kind === "suspend") screen.suspend();
      else if (act !== undefined) {
        if (act.kind === "move") watched.move(act.lines);
        watched.draw(screen);
      }
    },
  });
  let hopeless: string | undefined;
  const watching = async (): Promise<void> => {
    for await (const seen of looks(subject, () => ended)) {
      if (ended) return;
      if (seen.kind === "problem" && isHopeless(seen)) {
        hopeless = seen.text;
        return;
      }
      watched.see(seen);
      watched.draw(screen);
    }
  };
  try {
    await Promise.race([watching(), isEnded]);
  } finally {
    ended = true;
    screen.close();
  }
  if (hopeless === undefined) return exitCode.ok;
  complain(`standin: ${hopeless}`);
  return exitCode.cannotRun;
}
