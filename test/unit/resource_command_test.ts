/**
 * Goal: what is run for resources finds the programs of every kind of box. Method: the very text
 * that the daemon gives the shell is run by /bin/sh and by BusyBox, with the places where it looks
 * moved below a directory of the test, and with programs there that write down how they are called.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CommandPlan, seconds } from "../../lib/base/mod.ts";
import { commandsOf, type ResourceSubject } from "../../lib/resource/mod.ts";
import { test } from "../support/test.ts";

const shells = [["/bin/sh"], ["/usr/bin/busybox", "sh"]].filter(([path = ""]) => existsSync(path));
const limits = {
  startTimeout: seconds(1),
  stopTimeout: seconds(1),
  statusTimeout: seconds(1),
  interval: seconds(0),
  retry: 0,
};

/** A box with these files; programs are marked by `*` and exit with 0 unless their text says. */
function withBox(
  files: Readonly<Record<string, string>>,
  judge: (run: (command: CommandPlan | undefined) => string) => void,
): void {
  for (const shell of shells) {
    const box = mkdtempSync(join(tmpdir(), "standin-box-"));
    try {
      for (const [name, text] of Object.entries(files)) {
        const path = join(box, name.replace("*", ""));
        mkdirSync(dirname(path), { recursive: true });
        const program = `#!/bin/sh\necho "\${0##*/} $*" >> ${box}/calls\n${text}\n`;
        writeFileSync(path, name.endsWith("*") ? program : text);
        if (name.endsWith("*")) chmodSync(path, 0o755);
      }
      judge((command) => runIn(box, shell, command));
    } finally {
      rmSync(box, { recursive: true });
    }
  }
}

/** How the programs were called, and the exit code. */
function runIn(box: string, shell: readonly string[], command: CommandPlan | undefined): string {
  if (command?.kind !== "run") assert.fail("nothing is run");
  const [, option = "", text = "", ...words] = command.words;
  const moved = text.replaceAll(
    /(\/run\/|\/etc\/init\.d|\/sbin\/procd|\/var\/lib\/nfs)/g,
    `${box}$1`,
  )
    .replace('PATH="$PATH', `PATH="${box}/bin`);
  const [path = "", ...first] = shell;
  const { status, stderr } = spawnSync(path, [...first, option, moved, ...words], {
    encoding: "utf8",
  });
  const calls = existsSync(`${box}/calls`) ? readFileSync(`${box}/calls`, "utf8") : "";
  rmSync(`${box}/calls`, { force: true });
  return [...calls.trim().split("\n").filter(Boolean), `${status}${stderr}`.trim()].join(", ");
}

function commands(subject: ResourceSubject): NonNullable<ReturnType<typeof commandsOf>> {
  return commandsOf({ subject, limits }) ?? assert.fail();
}

const nginx = commands({ kind: "service", service: "nginx" });

/** What a start, both attempts to stop and a look run. */
function allOf(run: (command: CommandPlan | undefined) => string): string[] {
  return [nginx.start, ...nginx.stop, nginx.status].map(run);
}

test("a service of systemd", () => {
  withBox({ "run/systemd/system/x": "", "bin/systemctl*": "", "etc/init.d/nginx*": "" }, (run) => {
    assert.deepEqual(allOf(run), [
      "systemctl start nginx, 0",
      "systemctl stop nginx, 0",
      "systemctl kill --signal=KILL nginx, systemctl stop nginx, 0",
      "systemctl is-active --quiet nginx, 0",
    ]);
  });
});

test("a service of OpenRC", () => {
  withBox({ "run/openrc/x": "", "bin/rc-service*": "exit 3", "etc/init.d/nginx*": "" }, (run) => {
    assert.deepEqual(allOf(run), [
      "rc-service nginx start, 3",
      "rc-service nginx stop, 3",
      "rc-service nginx stop, 3",
      "rc-service nginx status, 3",
    ]);
  });
});

test("a service of procd, whose look has another name, and one of an init script", () => {
  for (const [files, look] of [[{ "sbin/procd*": "" }, "running"], [{}, "status"]] as const) {
    withBox({ ...files, "etc/init.d/nginx*": "" }, (run) => {
      const words = ["start", "stop", "stop", look];
      assert.deepEqual(allOf(run), words.map((word) => `nginx ${word}, 0`));
    });
  }
});

test("a service that there is not", () => {
  withBox({}, (run) => {
    assert.deepEqual(new Set(allOf(run)), new Set(["5there is no service nginx"]));
  });
});

test("an export is made for each client, is looked up where exportfs keeps it, and ends", () => {
  const { start, stop: [stop], status } = commands({
    kind: "nfs_export",
    directory: "/srv",
    clients: "10.0.0.0/24,host",
    options: "rw,sync",
  });
  const tab = "/srv\t10.0.0.0/24(rw,sync)\n";
  withBox({ "bin/exportfs*": "", "var/lib/nfs/etab": tab }, (run) => {
    assert.equal(
      run(start),
      "exportfs -o rw,sync 10.0.0.0/24:/srv, exportfs -o rw,sync host:/srv, 0",
    );
    assert.equal(run(status), "3", "one client is missing");
    assert.equal(run(stop), "exportfs -u 10.0.0.0/24:/srv, exportfs -f, 0");
  });
  withBox({ "bin/exportfs*": "", "var/lib/nfs/etab": `${tab}/srv\thost(ro)\n` }, (run) => {
    assert.equal(run(status), "0");
  });
  withBox({ "bin/exportfs*": "exit 1", "var/lib/nfs/etab": tab }, (run) => {
    assert.equal(run(start), "exportfs -o rw,sync 10.0.0.0/24:/srv, 1");
    assert.equal(run(stop), "exportfs -u 10.0.0.0/24:/srv, exportfs -f, 1");
  });
});

test("a file system is mounted when the kernel says so, and only then unmounted", () => {
  const at = (directory: string): ReturnType<typeof commands> =>
    commands({ kind: "filesystem", device: "x", directory, type: "ext4", busy: "lazy" });
  withBox(
    { "bin/mount*": "", "bin/umount*": "exit 32", "bin/fuser*": "", "bin/sleep*": "" },
    (run) => {
      assert.equal(run(at("/proc").status), "0");
      assert.equal(run(at("/proc").start), "0");
      assert.deepEqual(at("/proc").stop.map(run), [
        "umount /proc, 32",
        "fuser -k -TERM -m /proc, sleep 1, umount /proc, 32",
        "fuser -k -KILL -m /proc, sleep 1, umount /proc, 32",
        "umount -l /proc, 32",
      ]);
      const none = at("/proc/none of it");
      assert.equal(run(none.status), "1");
      assert.deepEqual(none.stop.map(run), ["0", "0", "0", "0"]);
    },
  );
});
