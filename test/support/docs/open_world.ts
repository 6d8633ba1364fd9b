/** The network of a scene: its boxes on one wire, and the world behind a gateway on it. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runtimeName } from "../test.ts";
import type { Lab, Node } from "../lab/lab.ts";
import { standinCommand } from "../lab/makes.ts";
import { repository } from "../lab/program.ts";
import type { Scene } from "./scenes.ts";

/** What a scene stands on. */
export interface World {
  readonly nodes: readonly Node[];
  /** Lines of /etc/hosts. */
  readonly hosts: string;
  /** What shells have to know to believe the world. */
  readonly environment: Readonly<Record<string, string>>;
  /** A script that is the executable under test. */
  readonly standinScript: string;
}

/** Joins boxes and world to a bridge; the world is there when it answers. */
export async function openWorld(lab: Lab, scene: Scene): Promise<World> {
  const world = await lab.node("world", 1);
  const nodes = await Promise.all(scene.nodes.map((label, index) => lab.node(label, 11 + index)));
  world.namespace.batch([
    "link add wire type bridge mcast_snooping 0",
    "link set wire up",
    "address add 192.0.2.1/24 dev wire",
    "address add 10.0.1.1/24 dev lo",
    "address add 10.0.1.2/24 dev lo",
    ...nodes.flatMap(({ label, namespace: { name } }) => [
      `link add ${label} type veth peer name eth0 netns ${name}`,
      `link set ${label} master wire up`,
    ]),
  ]);
  for (const { namespace, number } of nodes) {
    namespace.batch([
      `address add 192.0.2.${number}/24 dev eth0`,
      "link set eth0 up",
      "route add default via 192.0.2.1",
    ]);
  }
  const quoted = standinCommand.map((word) => {
    return `'${word.startsWith("/") || !word.includes("/") ? word : join(repository, word)}'`;
  });
  // Called by another name, it has to know that name.
  const standinScript = `#!/bin/bash\nexec -a "$0" ${quoted.join(" ")} "$@"\n`;
  const release = makeRelease(lab, scene.wholeRelease ?? false, standinScript);
  const script = fileURLToPath(new URL("world.ts", import.meta.url));
  const runtime = [process.execPath, ...(runtimeName === "deno" ? ["run", "-A"] : []), script];
  await lab.start(world, [...runtime, release]).line(/the world is there/);
  const known = [
    "192.0.2.1 github.com",
    ...nodes.map((one) => `192.0.2.${one.number} ${one.label}`),
  ];
  return {
    nodes,
    hosts: `127.0.0.1 localhost\n${known.join("\n")}\n`,
    environment: { CURL_CA_BUNDLE: join(release, "cert.pem") },
    standinScript,
  };
}

/**
 * A release as GitHub would hand it out, with a certificate for GitHub. A whole one has the
 * executable under test, 120 MB; otherwise a line that starts it has to do.
 */
function makeRelease(lab: Lab, whole: boolean, standinScript: string): string {
  const directory = join(lab.directory, "release");
  mkdirSync(directory);
  const [executable = ""] = standinCommand;
  const content = whole ? readFileSync(executable) : standinScript;
  const sum = createHash("sha256").update(content).digest("hex");
  const names = ["x64", "x64-baseline", "arm64"].map((target) => `standin-linux-${target}`);
  for (const name of names) {
    if (whole) symlinkSync(executable, join(directory, name));
    else writeFileSync(join(directory, name), standinScript);
  }
  copyFileSync(join(repository, "install.sh"), join(directory, "install.sh"));
  writeFileSync(join(directory, "SHA256SUMS"), names.map((name) => `${sum}  ${name}\n`).join(""));
  const subject = ["-subj", "/CN=github.com", "-addext", "subjectAltName=DNS:github.com"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const files = ["-keyout", join(directory, "key.pem"), "-out", join(directory, "cert.pem")];
  const made = spawnSync("openssl", ["req", "-x509", ...key, ...subject, ...files]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  return directory;
}
