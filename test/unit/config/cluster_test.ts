/** Which instances of several files are one virtual router. */
import assert from "node:assert/strict";
import { compareNodes, lintConfig } from "../../../lib/config/lint/mod.ts";
import { type ClusterNode, routersOf } from "../../../lib/config/cluster_router.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

function router(name: string, id: number, ...addresses: string[]): string {
  return `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\npriority 100\n` +
    `virtual_ipaddress {\n${addresses.join("\n")}\n}\n}\n`;
}

function nodes(...texts: string[]): ClusterNode[] {
  return texts.map((text, index) => {
    const file = `node${index + 1}`;
    return { ...lintConfig(file, testEnvironment({ [file]: text })), file };
  });
}

/** Each router as the names of its members. */
function matched(...texts: string[]): string[] {
  return routersOf(nodes(...texts)).map(({ members }) => {
    return members.map(({ node, plan }) => `${plan.name}@${node.file}`).join(" ");
  });
}

for (
  const [how, first, second, expected] of [
    ["by VRID and address, whatever their names", router("a", 1, "10.0.0.1"), [
      router("b", 1, "10.0.0.9", "10.0.0.1"),
    ], ["a@node1 b@node2"]],
    ["by VRID and name, whatever their addresses", router("a", 1, "10.0.0.1"), [
      router("a", 1, "10.0.0.2"),
    ], ["a@node1 a@node2"]],
    ["by address alone", router("a", 1, "10.0.0.1"), [
      router("b", 2, "10.0.0.1"),
    ], ["a@node1 b@node2"]],
    ["not by name alone", router("a", 1, "10.0.0.1"), [
      router("a", 2, "10.0.0.2"),
    ], ["a@node1", "a@node2"]],
    ["not by VRID alone", router("a", 1, "10.0.0.1"), [
      router("b", 1, "10.0.0.2"),
    ], ["a@node1", "b@node2"]],
    ["not across families", router("a", 1, "10.0.0.1"), [
      router("a", 1, "fe80::1"),
    ], ["a@node1", "a@node2"]],
    ["by the surest way first", router("a", 1, "10.0.0.1") + router("b", 2, "10.0.0.2"), [
      router("b", 2, "10.0.0.1", "10.0.0.2") + router("a", 1, "10.0.0.3"),
    ], ["a@node1 a@node2", "b@node1 b@node2"]],
    ["once for each file", router("a", 1, "10.0.0.1"), [
      router("a", 1, "10.0.0.1") + router("b", 2, "10.0.0.1"),
      router("c", 1, "10.0.0.1"),
    ], ["a@node1 a@node2 c@node3", "b@node2"]],
  ] as const
) {
  test(`instances of several files are recognised ${how}`, () => {
    assert.deepEqual(matched(first, ...second), expected);
  });
}

test("two nodes that fit together are told nothing", () => {
  const [a, b] = ["150", "100"].map((priority) =>
    router("a", 1, "10.0.0.1/24").replace("priority 100", `priority ${priority}`)
  );
  assert.deepEqual(compareNodes(nodes(a ?? "", b ?? "")), []);
});

test("a thousand routers on three nodes are compared in no time", () => {
  const ids = Array.from({ length: 1000 }, (_, index) => index);
  const text = (priority: number): string =>
    ids.map((id) =>
      router(`r${id}`, id % 255 + 1, `10.${id >> 8}.${id & 255}.1/24`).replace("eth0", `v${id}`)
        .replace("priority 100", `priority ${priority}`)
    ).join("");
  const read = [150, 120, 100].map((priority, index) => {
    const file = `node${index}`;
    const environment = testEnvironment({ [file]: text(priority) }, { interfaces: undefined });
    return { ...lintConfig(file, environment), file };
  });
  assert.equal(routersOf(read).length, 1000);
  assert.deepEqual(compareNodes(read), []);
});
