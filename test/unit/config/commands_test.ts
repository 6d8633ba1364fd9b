/**
 * What the global keywords of scripts do: as whom a script runs, by which path, and what is said
 * when somebody else could have written it.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { CommandPlan } from "../../../lib/base/mod.ts";
import {
  commandNow,
  describeChange,
  diffModels,
  exitStatusOf,
  loadConfig,
  type Model,
  refusesReload,
  renderDiagnostic,
} from "../../../lib/config/mod.ts";
import type { ScriptMachine } from "../../../lib/config/source.ts";
import { scriptMachine } from "../../../lib/host/linux/script_machine.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const root = process.geteuid?.() === 0 ? undefined : "needs root";

/** `/l/check` is a link to `/r/check`, `/open` could be written by others; users have the id 7. */
const machine: ScriptMachine = {
  isRoot: true,
  locate: (word) => ["/l/check", "/open"].includes(word) ? word : undefined,
  realPath: (path) => path.replace("/l/", "/r/"),
  identity: (user, group, supplementary) => {
    if (user === "keepalived_script") return "there is no such user";
    const gid = group === undefined ? 7 : Number(group);
    return { user, uid: 7, gid, ...(supplementary ? { groups: [gid, 8] } : {}) };
  },
  objectionTo: (path) => path === "/open" ? "everybody may write" : undefined,
};

interface Loaded {
  readonly model: Model;
  readonly command: CommandPlan | undefined;
  readonly status: number;
  readonly refused: boolean;
}

function load(globals: string, script = "/l/check"): Loaded {
  const f = `global_defs {\n${globals}\n}\nvrrp_script s {\nscript ${script}\n}\n` +
    "vrrp_instance a {\ninterface eth0\nvirtual_router_id 1\ntrack_script {\ns\n}\n" +
    "virtual_ipaddress {\n10.0.0.1/24\n}\n}\n";
  const { model, diagnostics } = loadConfig("f", testEnvironment({ f }, { scripts: machine }));
  assert.ok(model !== undefined, diagnostics.map(renderDiagnostic).join("\n"));
  const tracker = model.trackers.find(({ kind }) => kind === "script");
  return {
    model,
    command: tracker !== undefined && "command" in tracker ? tracker.command : undefined,
    status: exitStatusOf(diagnostics),
    refused: diagnostics.some(refusesReload),
  };
}

const plain = { kind: "run", path: "/r/check", words: ["/l/check"] };

test("script_user says who runs scripts, and with which group", () => {
  assert.deepEqual(load("").command, plain);
  const identity = { user: "web", uid: 7, gid: 7 };
  assert.deepEqual(load("script_user web").command, { ...plain, identity });
  const grouped = { ...identity, gid: 9 };
  assert.deepEqual(load("script_user web 9").command, { ...plain, identity: grouped });
});

test("user of a vrrp_script says who runs it, whatever script_user says", () => {
  const identity = { user: "ftp", uid: 7, gid: 9 };
  const { command } = load("script_user web", "/l/check\nuser ftp 9");
  assert.deepEqual(command, { ...plain, identity });
});

test("set_supplementary_groups gives scripts the other groups of their user", () => {
  const identity = { user: "web", uid: 7, gid: 7, groups: [7, 8] };
  const { command } = load("script_user web\nset_supplementary_groups");
  assert.deepEqual(command, { ...plain, identity });
});

test("use_symlink_paths keeps links in the path", () => {
  assert.deepEqual(load("use_symlink_paths").command, { ...plain, path: "/l/check" });
});

test("enable_script_security forbids what is only warned of without it", () => {
  const lax = load("", "/open");
  assert.deepEqual([lax.command?.kind, lax.status, lax.refused], ["run", 6, false]);
  const strict = load("enable_script_security", "/open");
  assert.deepEqual([strict.command?.kind, strict.status, strict.refused], ["none", 6, true]);
  const ordinary = load("enable_script_security\nscript_user web", "/open");
  assert.deepEqual([ordinary.command?.kind, ordinary.status], ["run", 0]);
});

test("a program that was missing is looked for again, by the rules of the file", () => {
  const withOpinion = (objection?: string): ScriptMachine => ({
    ...machine,
    locate: (word) => word,
    objectionTo: () => objection,
  });
  const absent = (globals: string): CommandPlan => {
    const { command, refused } = load(globals, "/l/new");
    assert.ok(command?.kind === "none" && refused);
    assert.equal(command.reason, 'there is no program "/l/new"');
    assert.deepEqual(commandNow(command, machine), command);
    return command;
  };
  const found = { kind: "run", path: "/r/new", words: ["/l/new"] };
  assert.deepEqual(commandNow(absent("use_symlink_paths"), withOpinion()), {
    ...found,
    path: "/l/new",
  });
  const open = withOpinion("everybody may write");
  assert.deepEqual(commandNow(absent(""), open), found);
  const secured = absent("enable_script_security");
  assert.deepEqual(commandNow(secured, open), { ...secured, reason: "everybody may write" });
  assert.deepEqual(commandNow(secured, withOpinion()), found);
  const ordinary = commandNow(absent("enable_script_security\nscript_user web"), open);
  assert.deepEqual(ordinary, { ...found, identity: { user: "web", uid: 7, gid: 7 } });
  const insecure = load("enable_script_security", "/open").command;
  assert.ok(insecure !== undefined);
  assert.equal(commandNow(insecure, withOpinion()).kind, "run");
});

test("a reload says that programs are there now", () => {
  const [before, after] = [machine, { ...machine, locate: (word: string) => word }].map((one) => {
    const f = "vrrp_script s {\nscript /l/new\nuser web\n}\n" +
      "track_probe p {\ncommand /l/new\n}\nvrrp_instance a {\ninterface eth0\n" +
      "virtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\nnotify_master /l/new web\n}\n";
    return loadConfig("f", testEnvironment({ f }, { scripts: one })).model;
  });
  assert.ok(before !== undefined && after !== undefined);
  const absent = 'there is no program "/l/new"';
  assert.deepEqual(diffModels(before, after).map(describeChange), [
    `vrrp_instance a: notify_master "/l/new" (${absent}) → "/l/new" (user web)`,
    `vrrp_script s: script /l/new (${absent}) → /l/new`,
    `track_probe p: command /l/new (${absent}) → /l/new`,
  ]);
});

test("process_monitor_rcv_bufs and …_force say how much may wait", () => {
  assert.equal(load("").model.global.processBuffer, undefined);
  const some = load("process_monitor_rcv_bufs 65536").model.global.processBuffer;
  assert.deepEqual(some, { octets: 65_536, force: false });
  const forced = load("process_monitor_rcv_bufs 65536\nprocess_monitor_rcv_bufs_force");
  assert.deepEqual(forced.model.global.processBuffer, { octets: 65_536, force: true });
});

test("a path is only secure when root alone can write every part of it", () => {
  // Not below /tmp itself, so that the parts above are root's alone.
  const directory = mkdtempSync("/run/si-secure-");
  try {
    const [path, link] = [join(directory, "check"), join(directory, "link")];
    writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });
    symlinkSync(path, link);
    const objection = (): string | undefined => scriptMachine.objectionTo(link);
    assert.equal(objection(), undefined);
    chmodSync(path, 0o757);
    assert.match(objection() ?? "", /check of user root can be written by others \(mode 0757\)$/);
    chmodSync(path, 0o755);
    chmodSync(directory, 0o777);
    assert.match(objection() ?? "", /of user root can be written by others \(mode 0777\)$/);
    chmodSync(directory, 0o1777);
    assert.equal(objection(), undefined);
    assert.equal(scriptMachine.realPath(link), path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, root === undefined ? {} : { skip: root });
