/**
 * What stories about resources have in common: scripts of one letter each, such as `/a+` to start,
 * `/a-` to stop and `/a?` for the status, and what became of them.
 */
import assert from "node:assert/strict";
import type { Duration } from "../../lib/base/mod.ts";
import type { ResourceSetStatus } from "../../lib/engine/mod.ts";
import { instance } from "./model.ts";
import { Story } from "./story.ts";

/** Three scripts. */
export const three = "script /a+ /a- /a?\nscript /b+ /b- /b?\nscript /c+ /c- /c?";
/** How a command ends that ends by itself. */
export const exit = (code: number): { end: { kind: "exited"; code: number } } => ({
  end: { kind: "exited", code },
});

/** A router with these lines in its `resources`. */
export function owning(lines: string, more = ""): string {
  // What was started here does not turn its status by itself.
  const looks = lines.includes("interval") ? "" : "interval 0\n";
  return instance(`priority 100\n${more}\nresources {\n${looks}${lines}\n}`);
}

/** A story in which nothing is active to begin with. */
export function newStory(names = "a b"): Story {
  const story = new Story(names);
  for (const name of names.split(" ")) down(story, name);
  return story;
}

/** The status of everything says that it is not there, until something starts. */
export function down(story: Story, name: string, letters = "abc"): void {
  for (const letter of letters) story.node(name).machine.script(`/${letter}?`, exit(3));
}

/** The status of everything says that it is there. */
export function up(story: Story, name: string, letters = "abc"): void {
  for (const letter of letters) story.node(name).machine.script(`/${letter}?`, exit(0));
}

/** What was started and stopped since the start; looks are left out. */
export function done(story: Story, name = "a"): string {
  return story.node(name).machine.commands.filter((command) => !/\?$/.test(command)).join(" ");
}

/** The resources of a node, of which there is one set. */
export function setOf(story: Story, name = "a"): ResourceSetStatus {
  const [set] = story.node(name).snapshot()?.resources ?? [];
  return set ?? assert.fail(`${name} has no resources`);
}

/** Their states, in order. */
export function states(story: Story, name = "a"): string {
  return setOf(story, name).resources.map(({ state }) => state).join(" ");
}

/** A command takes so long, and ends when it is told to if it obeys. */
export function slow(story: Story, command: string, takes: Duration, obeys = true): void {
  story.node("a").machine.script(command, { takes, obeys });
}
