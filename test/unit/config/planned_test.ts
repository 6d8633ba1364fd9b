/** What a reload would do, told before it is done: every kind of change, and what follows. */
import assert from "node:assert/strict";
import {
  loadConfig,
  type Model,
  type PlannedBlock,
  planReload,
  renderDiagnostic,
} from "../../../lib/config/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

function modelOf(text: string): Model {
  const { model, diagnostics } = loadConfig("f", testEnvironment({ f: text }));
  assert.ok(model !== undefined, diagnostics.map(renderDiagnostic).join("\n"));
  return model;
}

function router(name: string, id: number, more = "", addresses = `10.0.0.${id}/24`): string {
  return `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\n${more}\n` +
    `virtual_ipaddress {\n${addresses}\n}\n}\n`;
}

function planned(before: string, after: string): readonly PlannedBlock[] {
  return planReload(modelOf(before), modelOf(after)).blocks;
}

test("planReload() of the same file is empty and touches nothing", () => {
  const text = router("A", 1) + router("B", 2) + "vrrp_sync_group G { group { A B } }\n";
  assert.deepEqual(planReload(modelOf(text), modelOf(`# again\n${text}`)), {
    blocks: [],
    untouched: 3,
  });
});

test("planReload() says how new routers start and what becomes of old ones", () => {
  const { blocks, untouched } = planReload(
    modelOf(router("A", 1) + router("B", 2)),
    modelOf(router("B", 2) + router("C", 3) + router("D", 4, "priority 255")),
  );
  assert.equal(untouched, 1);
  assert.deepEqual(blocks.map(({ name, changes, consequences }) => [name, changes, consequences]), [
    ["A", ["removed"], ["stops: a master sends priority 0 and gives its addresses up"]],
    ["C", ["added"], ["starts as BACKUP"]],
    ["D", ["added"], ["starts as MASTER at once: priority 255 owns the addresses"]],
  ]);
});

test("planReload() tells of timer_expired_backup and vrrp_delay_after_boot", () => {
  const sticky = (more: string) => modelOf(router("A", 1, `nopreempt\n${more}`));
  for (const [words, value] of [["timer_expired_backup", 254], ["thread_timer_expired 7", 7]]) {
    const { blocks: [block] } = planReload(sticky(""), sticky(`${words}`));
    assert.deepEqual(block?.changes, [`timer_expired_backup off → ${value}`]);
  }
  const delayed = `global_defs { vrrp_delay_after_boot 2.5 }\n${router("A", 1)}`;
  assert.deepEqual(planned(router("A", 1), delayed)[0]?.changes, ["vrrp_delay_after_boot 0 → 2.5"]);
});

test("planReload() tells which resources start and stop, and that limits touch nothing", () => {
  const owning = (lines: string): string => router("A", 1, `resources {\n${lines}\n}`);
  const mount = "filesystem /dev/x /srv ext4";
  const told = (before: string, after: string): unknown =>
    planned(before, after).map(({ changes, consequences }) => [changes, consequences]);
  assert.deepEqual(told(router("A", 1), owning(mount)), [[
    [`resources + ${mount} busy kill`],
    ["a master starts it, in its place"],
  ]]);
  assert.deepEqual(told(owning(`${mount}\nservice nginx`), owning("service nginx")), [[
    [`resources - ${mount} busy kill`],
    ["a master stops it, and starts what stands after it anew"],
  ]]);
  const untouched = "nothing is started or stopped for that";
  assert.deepEqual(told(owning(mount), owning(`hold_off 5\n${mount} retry 7`)), [[
    ["resources hold_off 60 → 5", "resources filesystem /srv retry 2 → 7"],
    [untouched],
  ]]);
  assert.deepEqual(told(owning(`${mount}\nroute`), owning(`route\n${mount}`)), [[
    ["resources in another order"],
    [untouched],
  ]]);
});

test("planReload() tells of gaps between announcements", () => {
  const groups = "global_defs { vrrp_garp_interval 0.01 }\n" +
    "garp_group {\ngarp_interval 0.5\ngna_interval 0.2\ninterfaces {\neth0\neth1\n}\n}\n" +
    "garp_group {\ninterface eth2\ngna_interval 1\n}\n";
  assert.deepEqual(planned(router("A", 1), groups + router("A", 1))[0]?.changes, [
    "garp_group of eth0 eth1  → 0.5 ARP, 0.2 ND",
    "garp_group of eth2  → 0 ARP, 1 ND",
    "garp_group of all other interfaces  → 0.01 ARP, 0 ND",
  ]);
});

test("planReload() tells once that another interface is another router", () => {
  const after = router("A", 1, "priority 90", "10.0.0.7/24").replace("eth0", "eth1");
  const [only, ...more] = planned(router("A", 1), after);
  assert.deepEqual(more, []);
  assert.deepEqual(only?.changes, [
    "interface eth0 → eth1",
    "priority 100 → 90",
    "virtual_ipaddress - 10.0.0.1/24",
    "virtual_ipaddress + 10.0.0.7/24",
  ]);
  assert.deepEqual(only?.consequences, [
    "stops (a master sends priority 0) and starts anew: another virtual router on the wire",
  ]);
});

for (
  const [what, before, after, consequences] of [
    ["priority", "priority 100", "priority 150", [
      "the next advert says it, and the nodes compare priorities anew",
    ]],
    ["the interval of version 2", "advert_int 1", "advert_int 2", [
      "the other nodes have to change, too: version 2 drops adverts of another interval",
    ]],
    ["the interval of version 3", "version 3\nadvert_int 1", "version 3\nadvert_int 0.5", [
      "backups learn the interval from the next advert",
    ]],
    ["the group", "mcast_dst_ip 224.0.0.18", "mcast_dst_ip 224.0.0.99", [
      "adverts go elsewhere: the other nodes have to change, too",
    ]],
    ["a setting without further effect", "garp_master_repeat 5", "garp_master_repeat 2", []],
  ] as const
) {
  test(`planReload() tells what follows from a change of ${what}`, () => {
    const [only] = planned(router("A", 1, before), router("A", 1, after));
    assert.equal(only?.changes.length, 1);
    assert.deepEqual(only?.consequences, consequences);
  });
}

test("planReload() sees an address move from one router to another", () => {
  const blocks = planned(
    router("A", 1, "", "10.0.0.1/24\n10.0.0.9/24") + router("B", 2),
    router("A", 1) + router("B", 2, "", "10.0.0.2/24\n10.0.0.9/24"),
  );
  const moves =
    "10.0.0.9/24 moves from A to B; a node that is master of both keeps it without a gap";
  assert.deepEqual(blocks.map(({ name, consequences }) => [name, consequences]), [
    ["A", ["a master gives the old addresses up", moves]],
    ["B", ["a master takes the new addresses and announces them", moves]],
  ]);
});

test("planReload() knows that order matters on the wire, and what groups do", () => {
  const two = "10.0.0.1/24\n10.0.0.9/24";
  const group = "vrrp_sync_group G { group { A B } }\n";
  const both = router("A", 1, "", two) + router("B", 2);
  const [only] = planned(both, both.replace(two, "10.0.0.9/24\n10.0.0.1/24"));
  assert.deepEqual(only?.changes, ["virtual_ipaddress in another order"]);
  assert.match(only?.consequences[0] ?? "", /new order/);
  assert.match(planned(both, both + group)[0]?.consequences[0] ?? "", /together from then on/);
  assert.match(planned(both + group, both)[0]?.consequences[0] ?? "", /by themselves again/);
});

test("planReload() tells of the daemon's own settings", () => {
  const [only] = planned(router("A", 1), `status_listen off\n${router("A", 1)}`);
  assert.equal(only?.block, "global_defs");
  assert.deepEqual(only?.consequences, ["the status endpoint moves; the control socket stays"]);
});

test("planReload() tells that a password changes and never what it is", () => {
  const secret = (type: string, word: string): string =>
    router("A", 1, `authentication {\nauth_type ${type}\nauth_pass ${word}\n}`);
  for (const type of ["PASS", "AH"]) {
    const [block] = planned(secret(type, "abc"), secret(type, "abd"));
    assert.deepEqual(block?.changes, ["auth_pass ******** → another one"], type);
  }
  const [block] = planned(secret("PASS", "abc"), secret("AH", "abc"));
  assert.deepEqual(block?.changes, ["auth_type PASS → AH"]);
});

/** The changes of a block when lines come into it, and what follows. */
function toldBy(before: string, after: string): unknown[] {
  return planned(before, after).map((one) => [one.name, one.changes, one.consequences]);
}

const later = ["counts from the next change of state on"];

test("planReload() tells of everything that says who is told of instances and groups", () => {
  const grouped = (more: string): string =>
    `vrrp_sync_group G {\ngroup { A }\n${more}\n}\n${router("A", 1)}`;
  const scripts = ["_backup", "_master", "_fault", "_stop", ""];
  for (const end of scripts) {
    const line = `notify${end} "/told it"`;
    const changes = [`notify${end} none → "/told it"`];
    assert.deepEqual(toldBy(router("A", 1), router("A", 1, line)), [["A", changes, later]]);
    assert.deepEqual(toldBy(grouped(""), grouped(line)), [["G", changes, later]]);
  }
  const rest: readonly (readonly [string, string])[] = [
    ['notify_master_rx_lower_pri "/told"', 'notify_master_rx_lower_pri none → "/told"'],
    ['notify_conflict "/told"', 'notify_conflict none → "/told"'],
    ['notify_deleted "/told"', 'notify_deleted none → "/told"'],
    ["notify_deleted", "notify_deleted none → without a script"],
    ["notify_priority_changes", "notify_priority_changes off → on"],
  ];
  for (const [line, change] of rest) {
    assert.deepEqual(toldBy(router("A", 1), router("A", 1, line)), [["A", [change], later]], line);
  }
  const [one, other] = ["/one", "/other"].map((path) => router("A", 1, `notify ${path}`));
  assert.deepEqual(toldBy(one ?? "", other ?? ""), [["A", ['notify "/one" → "/other"'], later]]);
});

const mails = "smtp_server mx 25\nnotification_email { a@b }";

test("planReload() tells of FIFOs, mail and webhooks, and of whom they tell then", () => {
  const global = (lines: string, more = ""): string =>
    `global_defs {\n${lines}\n}\n${router("A", 1, more)}`;
  const changes: readonly (readonly [string, string])[] = [
    ["notify_fifo /f", "notify_fifo none → /f"],
    ["vrrp_notify_fifo /f", "vrrp_notify_fifo none → /f"],
    ["lvs_notify_fifo /f", "lvs_notify_fifo none → /f"],
    ['notify_fifo /f\nnotify_fifo_script "/r"', 'notify_fifo_script none → "/r"'],
    ["fifo_write_vrrp_states_on_reload", "fifo_write_vrrp_states_on_reload off → on"],
    [mails, "smtp_server none → mx 25"],
    [mails, "notification_email none → a@b"],
  ];
  for (const [lines, change] of changes) {
    const [block] = planned(global(""), global(lines));
    assert.equal(block?.block, "global_defs");
    assert.ok(block.changes.includes(change), block.changes.join("\n"));
  }
  const of = (more: string): string => global(`${mails}\n${more}`);
  for (
    const [line, change] of [
      ["smtp_helo_name me", "smtp_helo_name that of the host → me"],
      ["smtp_connect_timeout 7", "smtp_connect_timeout 30 → 7"],
      ["smtp_tls tls", "smtp_tls try → tls"],
      ["smtp_login me /key", "smtp_login none → me /key"],
      ["notification_email_from x@y", "notification_email_from root@node1.example.net → x@y"],
      ["notification_email { c@d }", "notification_email a@b → a@b c@d"],
      ["no_email_faults", "no_email_faults off → on"],
    ]
  ) {
    // standin's own keywords stand at the root.
    const after = line?.startsWith("smtp_tls") || line?.startsWith("smtp_login")
      ? `${line}\n${of("")}`
      : of(line ?? "");
    assert.deepEqual(toldBy(of(""), after), [["", [change], []]]);
  }
  assert.deepEqual(toldBy(of(""), global(mails, "smtp_alert")), [
    ["A", ["smtp_alert off → on"], later],
  ]);
  assert.deepEqual(toldBy(router("A", 1), `notify_timeout 5\n${router("A", 1)}`), [
    ["", ["notify_timeout 60 → 5"], []],
  ]);
  const hook = 'webhook h {\nurl "https://x/"\nevents instance\n}\n';
  assert.deepEqual(toldBy(router("A", 1), hook + router("A", 1)), [[
    "",
    ["webhook none → h (x, not signed, events instance, timeout 10)"],
    [],
  ]]);
});

test("planReload() tells who is told of virtual servers and real servers", () => {
  const service = (lines: string, inside: string): string =>
    `global_defs {\n${mails}\n}\nvirtual_server 10.0.0.1 80 {\n${lines}\n` +
    `real_server 10.0.0.2 80 {\n${inside}\n}\n}\n`;
  const before = service("", "");
  for (
    const [lines, inside, change] of [
      ['quorum_up "/up"', "", 'quorum_up none → "/up"'],
      ['quorum_down "/down"', "", 'quorum_down none → "/down"'],
      ["smtp_alert", "", "smtp_alert off → on"],
      ["", 'notify_up "/up"', 'notify_up + 10.0.0.2:80 "/up"'],
      ["", 'notify_down "/down"', 'notify_down + 10.0.0.2:80 "/down"'],
      ["", "smtp_alert off", "smtp_alert - 10.0.0.2:80"],
    ]
  ) {
    const [block] = planned(before, service(lines ?? "", inside ?? ""));
    assert.deepEqual([block?.changes, block?.consequences], [[change], later]);
  }
});
