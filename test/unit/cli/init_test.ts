/** The files that `standin init` writes: nothing is wrong with any pair of them. */
import assert from "node:assert/strict";
import { pairFile } from "../../../lib/cli/init/files.ts";
import { freeVrid, heardSentence } from "../../../lib/cli/init/vrids.ts";
import { compareNodes, lintConfig } from "../../../lib/config/lint/mod.ts";
import { ip, prefix } from "../../support/plan.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "../config/memory.ts";

for (
  const [own, other, virtual] of [
    ["10.0.0.1", "10.0.0.2", "10.0.0.100/24"],
    ["2001:db8::1", "2001:db8::2", "2001:db8::100/64"],
  ] as const
) {
  for (const unicast of [false, true]) {
    test(`a pair for ${virtual}${unicast ? " by unicast" : ""}`, () => {
      const nodes = [
        { name: "near", address: ip(own), priority: 150 },
        { name: "far", address: ip(other), priority: 100 },
      ] as const;
      const virtualAddress = prefix(virtual);
      const pair = { interfaceName: "eth0", vrid: 51, virtualAddress, unicast, nodes };
      const linted = nodes.map((node) => {
        const { name, text } = pairFile(pair, node);
        return { file: name, ...lintConfig(name, testEnvironment({ [name]: text })) };
      });
      const said = [
        ...linted.flatMap(({ diagnostics }) => diagnostics),
        ...compareNodes(linted.map(({ file, subject }) => ({ file, subject }))),
      ];
      assert.deepEqual(said.map(({ message }) => message), []);
      assert.deepEqual(
        linted.map(({ model }) => model?.instances.map((one) => [one.basePriority, one.family])),
        nodes.map(({ priority }) => [[priority, virtualAddress.address.family]]),
      );
    });
  }
}

test("the number that is offered is of nobody else", () => {
  const [peer, stranger] = [ip("10.0.0.2"), ip("10.0.0.7")];
  assert.equal(freeVrid(new Map(), peer), 51);
  const heard = new Map([[52, stranger], [51, stranger], [53, peer]]);
  assert.equal(freeVrid(heard, peer), 53);
  assert.equal(heardSentence(heard), "  in use there: 51 (10.0.0.7), 52 (10.0.0.7), 53 (10.0.0.2)");
  assert.equal(heardSentence(new Map()), undefined);
  const many = Array.from({ length: 254 }, (_, index) => [index + 2, stranger] as const);
  assert.equal(freeVrid(new Map(many), peer), 1);
});
