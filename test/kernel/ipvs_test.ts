/**
 * The same file gives the same table of IPVS, whoever reads it: standin beside Debian's keepalived,
 * each in a network namespace of its own, both asked by `ipvsadm -Sn`.
 */
import assert from "node:assert/strict";
import {
  configure,
  ipvsModules,
  keepalivedBalancer,
  standinBalancer,
  startBalancer,
  untilTable,
} from "../support/kernel/ipvs.ts";
import { configurations } from "../support/kernel/ipvs_configurations.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import type { Lab } from "../support/lab/lab.ts";

const suite = new KernelSuite(import.meta.url, ipvsModules);

/** Services are added in the order of the file: when this one is there, all others are. */
const last =
  "virtual_server fwmark 9999 {\nlvs_sched rr\nlvs_method NAT\nreal_server 10.9.9.9 80 {\n}\n}\n";
const isThere = (lines: readonly string[]): boolean =>
  lines.some((line) => line.startsWith("-a -f 9999 "));

/** Numbers from here on stand for the configurations. */
const firstNumber = 121;

/** The lines of a table that are about a number. */
function about(lines: readonly string[], number: number): string[] {
  const own = new RegExp(`[ .:]1?${number}[ .:]`);
  return lines.filter((line) => own.test(line));
}

async function tables(lab: Lab, text: string): Promise<string[][]> {
  return await Promise.all([keepalivedBalancer, standinBalancer].map(async (make, index) => {
    const node = await lab.node(make.name, index + 1);
    configure(node, text);
    const program = startBalancer(lab, node, make);
    const lines = await untilTable(node, `${make.name} has read the file`, isThere);
    program.kill();
    return lines;
  }));
}

suite.tell(`${configurations.length} configurations give the table of keepalived`, async (lab) => {
  const texts = configurations.map(({ text }, at) =>
    text.replaceAll("@", String(firstNumber + at))
  );
  const [wanted = [], found = []] = await tables(lab, texts.join("") + last);
  const differ = configurations.flatMap(({ name }, at) => {
    const number = firstNumber + at;
    const [theirs, ours] = [about(wanted, number), about(found, number)];
    const same = theirs.length > 0 && theirs.join("\n") === ours.join("\n");
    if (same) return [];
    return [
      [`${name}:`, ...theirs.map((line) => `- ${line}`), ...ours.map((line) => `+ ${line}`)].join(
        "\n",
      ),
    ];
  });
  assert.equal(differ.join("\n"), "");
  assert.deepEqual(found, wanted);
});
