/**
 * Words of `vrrp_sync_group`, of the lines that track something, and of those who are told, from
 * the file to the priority, the state and the script.
 */
import { seconds } from "../../../lib/base/mod.ts";
import { forEver } from "../../../lib/host/sim/mod.ts";
import { router } from "../plan.ts";
import { Story } from "../story.ts";
import {
  alone,
  globalsOf,
  instanceOf,
  newWords,
  refused,
  type Shows,
  type WordCase,
} from "./words.ts";

/** The words. */
export const groupWords: WordCase[] = [];
const word = newWords(groupWords);

/** A group of VI_1 and VI_2, which stand behind it. */
function grouped(lines: string, more = ""): string {
  const second = instanceOf("priority 90", "10.0.0.110/24").replace("VI_1", "VI_2");
  return `vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n${lines}\n}\n` +
    instanceOf(`priority 100\n${more}`) + second.replace("51", "52");
}

const script = 'vrrp_script check {\nscript "/check"\nfall 1\n}\n';
const process = "vrrp_track_process daemon {\nprocess daemon\n}\n";
const session = "bfd_instance peer {\nneighbor_ip 10.0.0.2\n}\n";
const file = "track_file number {\nfile /number\nweight 2\n}\n";

const bad = { kind: "exited", code: 1 } as const;

/** Everything that can be tracked is well but for what the story makes fail. */
interface World {
  readonly scriptFails?: true;
  readonly processes?: number;
  readonly number?: number;
  readonly linkFails?: true;
  readonly sessionUp?: true;
}

/** The states and effective priorities of all instances after a while in such a world. */
function inWorld(world: World): Shows {
  return (model) => {
    const story = new Story("a b c");
    const { machine } = story.node("a");
    if (world.scriptFails) machine.script("/check", { end: bad });
    machine.counts.set("daemon", world.processes ?? 0);
    machine.files.set("/number", `${world.number ?? 0}\n`);
    story.startWith("a", model);
    if (world.sessionUp) {
      const theirs = { ...model, instances: [], tracking: [], trackers: [], syncGroups: [] };
      const bfdSessions = model.bfdSessions.map((plan) => ({
        ...plan,
        neighbor: router({ vips: ["10.0.0.1/24"] }).addresses[0]?.address ?? plan.neighbor,
      }));
      story.startWith("b", { ...theirs, bfdSessions });
    }
    if (world.linkFails) story.down("a", "eth1");
    story.run(seconds(20));
    const { instances } = story.node("a").snapshot() ?? { instances: [] };
    return instances.map(({ state, effectivePriority }) => `${state} ${effectivePriority}`)
      .join(", ");
  };
}

const well = "MASTER 100, MASTER 90";
const fault = "FAULT 100, FAULT 90";

word(
  "vrrp_sync_group/group",
  grouped("track_interface {\neth1\n}").replace(/(group \{\nVI_1\nVI_2\n\})/, "«$1»"),
  inWorld({}),
  well,
  refused,
);
word(
  "vrrp_sync_group/track_interface",
  grouped("«track_interface {\neth1\n}»"),
  inWorld({ linkFails: true }),
  fault,
  well,
);
word(
  "vrrp_sync_group/track_script",
  script + grouped("«track_script {\ncheck\n}»"),
  inWorld({ scriptFails: true }),
  fault,
  well,
);
word(
  "vrrp_sync_group/track_process",
  process + grouped("«track_process {\ndaemon\n}»"),
  inWorld({}),
  fault,
  well,
);
word(
  "vrrp_sync_group/track_file",
  file + grouped("«track_file {\nnumber\n}»"),
  inWorld({ number: 5 }),
  "MASTER 110, MASTER 100",
  well,
);
word(
  "vrrp_sync_group/track_bfd",
  session + grouped("«track_bfd {\npeer\n}»"),
  inWorld({}),
  fault,
  well,
);

/** How an item is tracked by one instance, or by a group with two of them. */
type Owner = "vrrp_instance" | "vrrp_sync_group";

function tracked(owner: Owner, head: string, block: string, line: string): string {
  const lines = `${block} {\n${line}\n}`;
  return head + (owner === "vrrp_instance" ? instanceOf(`priority 100\n${lines}`) : grouped(lines));
}

/** The priorities of the instances, lowered or raised. */
function worth(owner: Owner, change: number | "FAULT"): string {
  const priorities = owner === "vrrp_instance" ? [100] : [100, 90];
  return priorities.map((one) => {
    return change === "FAULT" ? `FAULT ${one}` : `MASTER ${one + change}`;
  }).join(", ");
}

for (const owner of ["vrrp_instance", "vrrp_sync_group"] as const) {
  for (
    const [block, head, item, fails] of [
      ["track_script", script, "check", { scriptFails: true }],
      ["track_process", process, "daemon", {}],
      ["track_bfd", session, "peer", {}],
    ] as const
  ) {
    const reversed = head.replace("}", "weight 20 reverse\n}");
    word(
      `${owner}/${block}/weight`,
      tracked(owner, head, block, `${item} «weight -20»`),
      inWorld(fails),
      worth(owner, -20),
      worth(owner, "FAULT"),
    );
    word(
      `${owner}/${block}/reverse`,
      tracked(owner, head, block, `${item} weight -20 «reverse»`),
      inWorld(fails),
      worth(owner, 20),
      worth(owner, -20),
    );
    word(
      `${owner}/${block}/noreverse`,
      tracked(owner, reversed, block, `${item} weight -20 «noreverse»`),
      inWorld(fails),
      worth(owner, -20),
      worth(owner, 20),
    );
  }
  const reversed = file.replace("weight 2", "weight 2 reverse");
  for (
    const [name, head, line, expected, ignored] of [
      ["weight", file, "number «weight 3»", 15, 10],
      ["reverse", file, "number weight 3 «reverse»", -15, 15],
      ["noreverse", reversed, "number weight 3 «noreverse»", 15, -15],
    ] as const
  ) {
    word(
      `${owner}/track_file/${name}`,
      tracked(owner, head, "track_file", line),
      inWorld({ number: 5 }),
      worth(owner, expected),
      worth(owner, ignored),
    );
  }
  for (
    const [name, line, expected, ignored] of [
      ["weight", "eth1 «weight -20»", -20, "FAULT"],
      ["reverse", "eth1 weight -20 «reverse»", 20, -20],
    ] as const
  ) {
    word(
      `${owner}/track_interface/${name}`,
      tracked(owner, "", "track_interface", line),
      inWorld({ linkFails: true }),
      worth(owner, expected),
      worth(owner, ignored),
    );
  }
}

for (const keyword of ["sync_group_tracking_weight", "global_tracking"]) {
  word(
    `vrrp_sync_group/${keyword}`,
    script + grouped(`«${keyword}»`, "track_script {\ncheck weight -20\n}"),
    inWorld({ scriptFails: true }),
    "MASTER 80, MASTER 90",
  );
}

/** The words of a file that weigh by themselves. */
for (const keyword of ["track_file", "vrrp_track_file"]) {
  const block = `${keyword} number {\nfile /number\n«weight 2»\n}\n`;
  const lines = "track_file {\nnumber\n}";
  word(
    `${keyword}/weight`,
    block + instanceOf(`priority 100\n${lines}`),
    inWorld({ number: 5 }),
    "MASTER 110",
    "MASTER 105",
  );
  word(
    `${keyword}/file`,
    block.replace("file /number", "«file /number»").replace("«weight 2»", "weight 2") +
      instanceOf(`priority 100\n${lines}`),
    inWorld({ number: 5 }),
    "MASTER 110",
  );
  word(
    `${keyword}/init_file`,
    block.replace("weight 2»", "weight 2\ninit_file 7 overwrite»") +
      instanceOf(`priority 100\n${lines}`),
    inWorld({ number: 5 }),
    "MASTER 114",
    "MASTER 105",
  );
}
word(
  "vrrp_track_file",
  `«${file.replace("track_file", "vrrp_track_file")}»` +
    instanceOf("priority 100\ntrack_file {\nnumber\n}"),
  inWorld({ number: 5 }),
  "MASTER 110",
  refused,
);

/** The scripts that were called, and what was written into the FIFO, in a life with a fault. */
const told: Shows = (model) => {
  const story = new Story("a b");
  const { machine } = story.node("a");
  machine.script("/reader /f", { takes: forEver });
  story.startWith("a", model);
  story.run(seconds(5));
  machine.script("/check", { end: bad });
  story.run(seconds(2));
  story.down("a");
  story.run(seconds(1));
  const lines = machine.fifos.get("/f") ?? [];
  story.stop("a");
  story.run(seconds(1));
  return [...machine.commands.filter((line) => !line.endsWith("/check")), ...lines];
};

for (const state of ["backup", "master", "fault", "stop"]) {
  word(
    `vrrp_instance/notify_${state}`,
    instanceOf(`«notify_${state} "/told"»`),
    told,
    ["/told"],
    [],
  );
  word(
    `vrrp_sync_group/notify_${state}`,
    grouped(`«notify_${state} "/told"»`),
    told,
    ["/told"],
    [],
  );
}
word(
  "vrrp_sync_group/notify",
  grouped('«notify "/told"»'),
  told,
  ["BACKUP", "MASTER", "FAULT", "STOP"].map((state) => `/told GROUP G ${state} 0`),
  [],
);

word(
  "vrrp_instance/notify",
  instanceOf('priority 100\n«notify "/told"»'),
  told,
  ["BACKUP", "MASTER", "FAULT", "STOP"].map((state) => `/told INSTANCE VI_1 ${state} 100`),
  [],
);

const weighed = script.replace("}", "weight -20\n}");
const fifo = "vrrp_notify_fifo /f\n";
const tracks = "track_script {\ncheck\n}";
const states = (of: readonly string[]): string[] => of.map((state) => `INSTANCE "VI_1" ${state}\n`);
word(
  "vrrp_instance/notify_priority_changes",
  globalsOf(fifo) + weighed + instanceOf(`priority 100\n${tracks}\n«notify_priority_changes»`),
  told,
  states(["BACKUP 100", "MASTER 100", "MASTER_PRIORITY 80", "FAULT 80", "STOP 80"]),
  states(["BACKUP 100", "MASTER 100", "FAULT 80", "STOP 80"]),
);
word(
  "vrrp_sync_group/notify_priority_changes",
  globalsOf(fifo) + weighed + grouped("«notify_priority_changes»\n" + tracks),
  (model) => String(told(model)).split("\n").filter((line) => line.includes("PRIORITY")).length,
  2,
  0,
);
word(
  "global_defs/notify_fifo",
  globalsOf("«notify_fifo /f»") + instanceOf("priority 100"),
  told,
  states(["BACKUP 100", "MASTER 100", "FAULT 100", "STOP 100"]),
  [],
);
word(
  "global_defs/notify_fifo_script",
  globalsOf('notify_fifo /f\n«notify_fifo_script "/reader"»') + instanceOf("priority 100"),
  (model) => String(told(model)).includes("/reader /f"),
  true,
  false,
);
word(
  "vrrp_instance/notify_master_rx_lower_pri",
  instanceOf('priority 100\n«notify_master_rx_lower_pri "/told"»'),
  (model) => {
    const story = alone(model, 10);
    story.cut("a", "b");
    story.start("b", router({ priority: 50 }));
    story.run(seconds(4.5));
    return story.node("a").machine.commands;
  },
  ["/told"],
  [],
);
