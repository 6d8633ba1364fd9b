/**
 * The tales that are played to keepalived and to standin.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { Stage, Tale } from "./tale.ts";
import {
  backup,
  fault,
  instance,
  kinds,
  master,
  peer,
  peerDies,
  peerLeaves,
  secondLink,
  start,
  startPeer,
  step,
  stop,
  stopped,
  toldOf,
  v2,
  v3,
  waitForPeer,
} from "./tale_words.ts";
import { tablesTales } from "./tales_kernel.ts";
import { trackingTales } from "./tales_tracking.ts";

function elections(): Tale[] {
  return Object.entries(kinds).flatMap(([kind, lines]): Tale[] => [
    {
      name: `alone, ${kind}`,
      config: instance(lines),
      steps: [step("it starts", start, backup, master), step("it stops", stop, stopped)],
    },
    {
      name: `a better one comes and leaves, ${kind}`,
      config: instance(lines),
      peer: peer(lines, 200),
      steps: [
        step("it starts", start, master),
        step("a better one comes", startPeer, backup),
        step("the better one leaves", peerLeaves, master),
        step("it stops", stop, stopped),
      ],
    },
    {
      name: `a better one comes and dies, ${kind}`,
      config: instance(lines),
      peer: peer(lines, 200),
      steps: [
        step("it starts", start, master),
        step("a better one comes", startPeer, backup),
        step("the better one dies", peerDies, master),
      ],
    },
  ]);
}

function faults(): Tale[] {
  return Object.entries(kinds).map(([kind, lines]): Tale => ({
    name: `the cable is pulled and put in again, ${kind}`,
    config: instance(lines),
    steps: [
      step("it starts", start, master),
      step("no cable", ({ segment, node }) => segment.setCable(node, false), fault),
      step("a cable", ({ segment, node }) => segment.setCable(node, true), backup, master),
    ],
  }));
}

/** The other router hears nobody any more, so it becomes master beside whoever is. */
function deafen({ other }: Stage): void {
  const rule =
    "table inet deaf { chain in { type filter hook input priority 0; meta l4proto 112 drop; }; }";
  const [command = "", ...words] = [...other.namespace.inside, "nft", "-f", "-"];
  assert.equal(spawnSync(command, words, { input: rule }).status, 0, "nft takes the rule");
}

function roles(): Tale[] {
  return [
    {
      name: "without preemption the returned one waits",
      config: instance(["state BACKUP", "nopreempt", ...v3], { priority: 150 }),
      peer: peer(v3, 100),
      steps: [
        step("the lower one rules", waitForPeer),
        step("it starts", start, backup),
        step("the lower one leaves", peerLeaves, master),
        step("it stops", stop, stopped),
      ],
    },
    {
      name: "with preemption the returned one rules",
      config: instance(v3, { priority: 150 }),
      peer: peer(v3, 100),
      steps: [
        step("the lower one rules", waitForPeer),
        step("it starts", start, backup, master),
        step("it stops", stop, stopped),
      ],
    },
    {
      name: "preemption after a while",
      config: instance(["preempt_delay 2", ...v3], { priority: 150 }),
      peer: peer(v3, 100),
      steps: [
        step("the lower one rules", waitForPeer),
        step("it starts", start, backup, master),
      ],
    },
    {
      name: "state MASTER takes the role early",
      config: instance(["state MASTER", ...v3]),
      steps: [step("it starts", start, master), step("it stops", stop, stopped)],
    },
    {
      name: "the owner is master at once",
      config: instance(v3, { priority: 255 }),
      steps: [step("it starts", start, master), step("it stops", stop, stopped)],
    },
    {
      name: "one script comes before everything, one after everything",
      config: instance(v3, {
        global: [
          'startup_script "NOTIFY VI_1 before everything"',
          'shutdown_script "NOTIFY VI_1 after everything"',
        ],
      }),
      steps: [
        step("it starts", start, ["VI_1 before everything"], master),
        step("it stops", stop, stopped, ["VI_1 after everything"]),
      ],
    },
    {
      name: "a master answers a lower one",
      config: instance(['notify_master_rx_lower_pri "NOTIFY VI_1 heard lower"', ...v3], {
        priority: 150,
      }),
      peer: peer(v3, 100),
      steps: [
        step("it starts", start, master),
        step("the other one is deaf", deafen),
        step("the other one takes the role as well", startPeer, ["VI_1 heard lower"]),
      ],
    },
  ];
}

function adverts(): Tale[] {
  const better = peer(v3, 200);
  return [
    {
      name: "a password of version 2",
      config: instance(["authentication { auth_type PASS\nauth_pass secret }", ...v2]),
      peer: peer(["authentication { auth_type PASS\nauth_pass secret }", ...v2], 200),
      steps: [
        step("it starts", start, master),
        step("a better one", startPeer, backup),
        step("it leaves", peerLeaves, master),
      ],
    },
    {
      name: "startup is delayed",
      config: instance(v3, { global: ["vrrp_startup_delay 2"] }),
      steps: [step("it starts", start, backup, master)],
    },
    {
      name: "strict mode",
      config: instance(v3, { global: ["vrrp_strict"] }),
      peer: better,
      steps: [
        step("it starts", start, master),
        step("a better one", startPeer, backup),
        step("it leaves", peerLeaves, master),
        step("it stops", stop, stopped),
      ],
    },
    {
      name: "adverts go to another group",
      config: instance(["mcast_dst_ip 224.0.1.18", ...v3]),
      peer: peer(["mcast_dst_ip 224.0.1.18", ...v3], 200),
      steps: [
        step("it starts", start, master),
        step("a better one", startPeer, backup),
        step("it leaves", peerLeaves, master),
      ],
    },
    ...["version 2", "version 3"].map((kind): Tale => ({
      name: `unicast, ${kind}`,
      config: instance([
        "unicast_src_ip 10.77.0.1",
        "unicast_peer { 10.77.0.2 }",
        ...(kind === "version 2" ? v2 : v3),
      ]),
      peer: peer([
        "unicast_src_ip 10.77.0.2",
        "unicast_peer { 10.77.0.1 }",
        ...(kind === "version 2" ? v2 : v3),
      ], 200),
      steps: [
        step("it starts", start, master),
        step("a better one", startPeer, backup),
        step("it leaves", peerLeaves, master),
        step("it stops", stop, stopped),
      ],
    })),
  ];
}

function reloads(): Tale[] {
  const one = instance(v3);
  const two = instance(["version 3", "advert_int 0.2", "virtual_ipaddress { 10.77.0.120/24 }"], {
    name: "VI_2",
    vrid: 52,
  });
  const [master2] = toldOf("VI_2");
  const other = ["version 3", "advert_int 0.2", "virtual_ipaddress { 10.77.0.101/24 }"];
  return [
    {
      name: "a reload adds an instance",
      config: one,
      steps: [
        step("it starts", start, master),
        step("another instance", (stage) => stage.reload(one + two), master2),
        step("it stops", stop, stopped, ["VI_2 stops", "INSTANCE VI_2 STOP"]),
      ],
    },
    {
      name: "a reload takes an instance away",
      config: one + two,
      steps: [
        step("it starts", start, master, master2),
        step("only one is left", (stage) => stage.reload(one), ["INSTANCE VI_2 FAULT"]),
        step("it stops", stop, stopped),
      ],
    },
    {
      name: "a reload takes an instance away that says so",
      config: one + two.replace("notify NOTIFY", "notify_deleted\n    notify NOTIFY"),
      steps: [
        step("it starts", start, master, master2),
        step("only one is left", (stage) => stage.reload(one), ["INSTANCE VI_2 DELETED"]),
      ],
    },
    {
      name: "a reload changes an address",
      config: one,
      steps: [
        step("it starts", start, master),
        step("another address", async (stage) => {
          stage.reload(instance(other));
          const { lab, node } = stage;
          await lab.bell.until(
            "the new address",
            () => node.namespace.has("eth0", "10.77.0.101/24"),
          );
        }),
        step("it stops", stop, stopped),
      ],
    },
  ];
}

function groups(): Tale[] {
  const told = ["GROUP VG MASTER"];
  const group = "vrrp_sync_group VG {\n    group {\n        VI_1\n        VI_2\n    }\n" +
    '    notify NOTIFY\n    notify_stop "NOTIFY VG stops"\n}\n';
  const second = instance(["version 3", "advert_int 0.2", "virtual_ipaddress { 10.78.0.100/24 }"], {
    name: "VI_2",
    vrid: 52,
    link: "dummy0",
  });
  const box = [
    secondLink,
    "address add 10.78.0.1/24 dev dummy0",
    "link set dummy1 up",
    "link set dummy0 up",
  ];
  const [master2, backup2, fault2, stopped2] = toldOf("VI_2");
  return [
    {
      name: "a sync group falls and rises as one",
      config: group + instance(v3) + second,
      box,
      steps: [
        step("it starts", start, master, master2, told),
        step(
          "one link fails",
          ({ node }) => void node.namespace.ip("link set dummy0 down"),
          fault,
          fault2,
          ["GROUP VG FAULT"],
        ),
        step(
          "the link is back",
          ({ node }) => void node.namespace.ip("link set dummy0 up"),
          master,
          master2,
          told,
        ),
        step("it stops", stop, stopped, stopped2, ["VG stops", "GROUP VG STOP"]),
      ],
    },
    {
      name: "a sync group follows its member to backup",
      config: group + instance(v3) + second,
      peer: peer(v3, 200),
      box,
      steps: [
        step("it starts", start, master, master2, told),
        step("a better one for one member", startPeer, backup, backup2, ["GROUP VG BACKUP"]),
        step("it leaves", peerLeaves, master, master2, told),
      ],
    },
  ];
}

/** All tales. */
export const tales: readonly Tale[] = [
  ...elections(),
  ...faults(),
  ...roles(),
  ...adverts(),
  ...reloads(),
  ...groups(),
  ...trackingTales,
  ...tablesTales,
];
