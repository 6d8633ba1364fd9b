/**
 * Words of `resources`, in instances and in sync groups, from the file to what is run and when.
 */
import { formatCommand, seconds } from "../../../lib/base/mod.ts";
import type { Model } from "../../../lib/config/mod.ts";
import { forEver, type ScriptBehaviour } from "../../../lib/host/sim/mod.ts";
import { commandsOf } from "../../../lib/resource/mod.ts";
import { Story } from "../story.ts";
import { instanceOf, newWords, type Shows, type WordCase } from "./words.ts";

/** The words. */
export const resourceWords: WordCase[] = [];
const word = newWords(resourceWords);

/** How what is run behaves, by what it is for. */
type Behaviours = { readonly [Word in "start" | "stop" | "status"]?: Partial<ScriptBehaviour> };

const bad: Partial<ScriptBehaviour> = { end: { kind: "exited", code: 3 } };
const hangs: Partial<ScriptBehaviour> = { takes: forEver };

function behave(story: Story, model: Model, { start, stop, status }: Behaviours): void {
  const plans = model.resources.flatMap(({ resources }) => resources);
  for (const commands of plans.flatMap((plan) => commandsOf(plan) ?? [])) {
    const { machine } = story.node("a");
    if (start !== undefined) machine.script(formatCommand(commands.start), start);
    for (const one of stop === undefined ? [] : commands.stop) {
      machine.script(formatCommand(one), stop ?? {});
    }
    if (status === undefined || commands.status === undefined) continue;
    machine.script(formatCommand(commands.status), status);
  }
}

/** What is run in a while, each with its second; looks count only when they are asked for. */
function follow(story: Story, model: Model, whole: number, looks = false): string {
  const { machine } = story.node("a");
  const names = namesIn(model);
  const seen: string[] = [];
  let count = machine.commands.length;
  for (let second = 0; second < whole; second++) {
    for (const command of machine.commands.slice(count)) {
      const [, signal = "", bare = ""] = /^((?:TERM|KILL) )?([^]*)$/.exec(command) ?? [];
      const name = names.get(bare) ?? bare;
      if (looks || name !== "status" || signal !== "") seen.push(`${second} ${signal}${name}`);
    }
    count = machine.commands.length;
    story.run(seconds(1));
  }
  return seen.join(", ");
}

/** The commands of all resources by what they are for; of the first one it stands alone. */
function namesIn(model: Model): ReadonlyMap<string, string> {
  const plans = model.resources.flatMap(({ resources }) => resources);
  return new Map(plans.flatMap((plan): [string, string][] => {
    const commands = commandsOf(plan);
    if (commands === undefined) return [];
    const { start, stop: [stop, ...harder], status } = commands;
    return [
      [formatCommand(start), "start"],
      ...(stop === undefined ? [] : [[formatCommand(stop), "stop"] as [string, string]]),
      ...harder.map((one, index): [string, string] => [formatCommand(one), `harder ${index + 1}`]),
      ...(status === undefined ? [] : [[formatCommand(status), "status"] as [string, string]]),
    ];
  }));
}

/** What is run from the moment at which there is a master, and nothing is there. */
function rises(behaviours: Behaviours, whole: number, looks = false): Shows {
  return (model) => {
    const story = new Story("a b");
    behave(story, model, { status: bad, ...behaviours });
    story.startWith("a", model);
    story.runUntil("a", "MASTER", "VI_1");
    // What is run for the role as such is run at once.
    const { commands } = story.node("a").machine;
    const names = namesIn(model);
    const first = commands.filter((command) => names.get(command) === "start").length;
    const rest = follow(story, model, whole, looks);
    return [...Array.from({ length: first }, () => "0 start"), rest].filter(Boolean).join(", ");
  };
}

/** What is run when everything is active, and behaves so from then on; perhaps the role is lost. */
function stays(behaviours: Behaviours, whole: number, lost = false, looks = false): Shows {
  return (model) => {
    const story = new Story("a b");
    story.startWith("a", model);
    story.runUntil("a", "MASTER", "VI_1");
    story.run(seconds(0.5));
    behave(story, model, behaviours);
    if (!lost) return follow(story, model, whole, looks);
    story.down("a", "eth0");
    // What follows the loss at once is not seen as something later.
    return ["0 stop", follow(story, model, whole)].filter(Boolean).join(", ");
  };
}

/** How a resource of each kind is written. */
const kinds = {
  filesystem: "/dev/x /srv ext4",
  service: "nginx",
  nfs_export: "/srv * rw",
  script: "/a+ /a- /a?",
} as const;

/** Limits, with the story that shows them. */
const limits: readonly (readonly [keyword: string, value: string, shows: Shows, end: string])[] = [
  ["start_timeout", "5", rises({ start: hangs }, 6), "0 start, 5 TERM start, 5 stop"],
  ["stop_timeout", "6", stays({ stop: hangs }, 7, true), "0 stop, 6 TERM stop"],
  ["status_timeout", "4", stays({ status: hangs }, 12), "10 TERM status, 10 stop, 10 start"],
  ["interval", "3", stays({}, 7, false, true), "2 status, 5 status"],
  ["retry", "1", rises({ start: bad }, 8), "0 start, 1 stop, 2 start, 2 stop"],
];

for (
  const [owner, text] of [["vrrp_instance", inInstance], ["vrrp_sync_group", inGroup]] as const
) {
  const row = `${owner}/resources`;
  for (const [keyword, value, shows, end] of limits) {
    word(`${row}/${keyword}`, text(`«${keyword} ${value}»\nscript /a+ /a- /a?`), shows, end);
    for (const [kind, words] of Object.entries(kinds)) {
      const line = `${kind} ${words} «${keyword} ${value}»`;
      word(`${row}/${kind}/${keyword}`, text(line), shows, end);
    }
  }
  for (const [kind, words] of Object.entries(kinds)) {
    word(`${row}/${kind}`, text(`«${kind} ${words}»`), rises({}, 1), "0 start", "");
  }
  const busy = text("filesystem /dev/x /srv ext4 «busy lazy»");
  word(`${row}/filesystem/busy`, busy, (model) => lastResort(model), "lazy", "kill");
  const delayed = text("«start_delay 4»\nscript /a+ /a- /a?");
  word(`${row}/start_delay`, delayed, rises({}, 6), "4 start", "0 start");
  const held = text("«hold_off 5»\nretry 0\nscript /a+ /a- /a?");
  const again = rises({ start: bad }, 12);
  word(`${row}/hold_off`, held, again, "0 start, 1 stop, 9 start, 9 stop", "0 start, 1 stop");
  const fenced = text("«fence /fence»\nscript /a+ /a- /a?");
  const who = owner === "vrrp_instance" ? "INSTANCE VI_1" : "GROUP G";
  const stuck = stays({ stop: bad }, 2, true);
  word(`${row}/fence`, fenced, stuck, `0 stop, 1 /fence ${who} script /a+`, "0 stop");
  const places = "virtual_routes {\n10.9.0.0/16 via 10.0.0.9 dev eth0\n}";
  for (const [kind, early] of [["address", "nothing"], ["route", "10.0.0.100"]] as const) {
    const late = `script /a+ /a- /a?\n«${kind}»`;
    const routed = text(late).replace("priority 100", `priority 100\n${places}`);
    word(`${row}/${kind}`, routed, whileStarting, early, "10.0.0.100 and a route");
  }
  const whole = text("script /a+ /a- /a?").replace(/resources \{[^}]*\}/, "«$&»");
  word(row, whole, rises({}, 1), "0 start", "");
}

/** The last word of how a file system is unmounted. */
function lastResort({ resources: [set] }: Model): string | undefined {
  const [plan] = set?.resources ?? [];
  const command = plan === undefined ? undefined : commandsOf(plan)?.stop.at(-1);
  return command === undefined ? undefined : formatCommand(command).split(" filesystem ").at(-1)
    ?.split(" ")[0];
}

/** What a master has while its script still starts. */
function whileStarting(model: Model): string {
  const story = new Story("a b");
  behave(story, model, { status: bad, start: hangs });
  story.startWith("a", model);
  story.runUntil("a", "MASTER", "VI_1");
  story.run(seconds(1));
  const held = story.held("a").join(" ");
  const routes = story.node("a").kernel.routing.size > 0;
  return [held === "" ? [] : [held], routes ? ["a route"] : []].flat().join(" and ") || "nothing";
}

function inInstance(lines: string): string {
  return instanceOf(`priority 100\nresources {\n${lines}\n}`);
}

function inGroup(lines: string): string {
  return `vrrp_sync_group G {\ngroup {\nVI_1\n}\nresources {\n${lines}\n}\n}\n` +
    instanceOf("priority 100");
}
