/**
 * The story of an NFS export that moves with the role: a real server in each of two nodes, and a
 * client that mounts what there is at the virtual address. Every program that is started costs a
 * second or more in such a machine, so there are few, and no switch and no capture.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Node } from "../lab/lab.ts";
import { filesOf, logEntry, standinWords } from "../lab/makes.ts";
import type { Program } from "../lab/program.ts";
import type { KernelSuite } from "./suite.ts";

/** The modules that a server and its client need. */
export const nfsModules: readonly string[] = ["nfsd", "nfs", "nfsv4"];

const tools = ["/usr/sbin/exportfs", "/usr/sbin/rpc.nfsd", "/sbin/mount.nfs4"];

/** A server of NFS 4 only, which needs no rpcbind; its files are those of a node. */
const served = `set -e
mount -t tmpfs tmpfs /var/lib/nfs
touch /var/lib/nfs/etab
mount -t nfsd nfsd /proc/fs/nfsd
rpc.mountd -F -N 2 -N 3 >/dev/null 2>&1 & echo "mountd $!"
rpc.nfsd -N 3 1
exec "$@"`;

/** Adds the story. */
export function tellOfExports(suite: KernelSuite): void {
  suite.tell("an NFS export moves with its file system and its address", async (lab) => {
    const [a, b] = [await lab.node("a", 1), await lab.node("b", 2)];
    a.namespace.batch([`link add eth0 type veth peer name eth0 netns ${b.namespace.name}`]);
    for (const { namespace, number } of [a, b]) {
      namespace.batch([`address add 10.77.0.${number}/24 dev eth0`, "link set eth0 up"]);
    }
    const one = start(lab, a, ["state MASTER", "priority 200"]);
    const all = ["+filesystem", "+nfs_export", "+address"];
    await changes(lab, one, all);
    const other = start(lab, b, ["state BACKUP", "nopreempt", "priority 254"]);
    await other.line(/"master-changed"/);
    assert.match(await exportsOf(a, one), /srv\s+10\.77\.0\.0\/24\(.*\bfsid=0\b.*\brw\b/);
    one.signal("SIGTERM");
    await changes(lab, other, all);
    await changes(lab, one, [...all, "-address", "-nfs_export", "-filesystem"]);
    await one.ended();
    assert.equal(await exportsOf(a, one), "");
    assert.ok(!readFileSync(`/proc/${mountdOf(one)}/mounts`, "utf8").includes("/srv "));
    const look = 'mount -t nfs4 10.77.0.100:/ /mnt && grep " /mnt nfs4 " /proc/mounts';
    const { code, stderr } = await b.namespace.run(["sh", "-c", look]);
    assert.equal(code, 0, stderr);
  }, tools);
}

/** A daemon beside a server of its own. */
function start(lab: Lab, node: Node, lines: readonly string[]): Program {
  const directory = join(node.directory, "srv");
  mkdirSync(directory);
  const instance = [
    "interface eth0",
    "virtual_router_id 51",
    "version 3",
    "advert_int 1",
    ...lines,
    "virtual_ipaddress {\n10.77.0.100/24\n}",
    "resources {",
    "interval 60",
    `filesystem tmpfs ${directory} tmpfs`,
    `nfs_export ${directory} 10.77.0.0/24 rw,fsid=0`,
    "address",
    "}",
  ].join("\n");
  writeFileSync(filesOf(node).config, `status_listen off\nvrrp_instance VI_1 {\n${instance}\n}\n`);
  return lab.start(node, ["sh", "-c", served, "sh", ...standinWords(node)]);
}

/** Waits until a daemon has said so much of its resources, which must be this. */
async function changes(lab: Lab, daemon: Program, wanted: readonly string[]): Promise<void> {
  const said = (): string[] =>
    daemon.lines.filter((line) => line.includes('"resource-changed"')).map((line) => {
      const { state, resource } = logEntry(line);
      return `${state === "active" ? "+" : "-"}${String(resource).split(" ")[0]}`;
    });
  await lab.bell.until(wanted.join(" "), () => said().length >= wanted.length);
  assert.deepEqual(said(), wanted);
}

/** What `exportfs -v` says where the server is. */
async function exportsOf({ namespace }: Node, daemon: Program): Promise<string> {
  const words = ["nsenter", "-t", mountdOf(daemon), "-m", "exportfs", "-v"];
  const { code, stdout, stderr } = await namespace.run(words);
  assert.equal(code, 0, stderr);
  return stdout;
}

function mountdOf(daemon: Program): string {
  const [line = ""] = daemon.lines.filter((line) => line.startsWith("mountd "));
  return line.slice("mountd ".length);
}
