/** Counters of nftables and flows of conntrack: requests and answers, octet by octet. */
import assert from "node:assert/strict";
import {
  aligned,
  decodeCounter,
  decodeFlow,
  encodeDumpCounters,
  encodeDumpFlows,
  encodeForgetFlow,
  type NetlinkMessage,
  type ServerFlows,
} from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { ip } from "../wire/vectors.ts";
import { onlyMessage } from "./message.ts";

const flows: ServerFlows = {
  protocol: 17,
  server: { address: ip("10.9.0.1"), port: 5353 },
  service: { address: ip("10.0.0.80"), port: 53 },
};

/** Tuples as `conntrack -L` would show them: what was asked for, and what the answer comes from. */
const original = "34000180 14000180 08000100 0a500001 08000200 0a000050 " +
  "1c000280 05000100 11000000 06000200 1b590000 06000300 00350000";
const reply = "34000280 14000180 08000100 0a090001 08000200 0a500001 " +
  "1c000280 05000100 11000000 06000200 14e90000 06000300 1b590000";

function answer(...parts: readonly string[]): NetlinkMessage {
  const payload = hex(`02000000 ${parts.join(" ")}`);
  return { type: 0x100, flags: 2, sequence: 5, portId: 0, payload };
}

test("the counters of a table are asked for by type, and read in network order", () => {
  const { type, flags, payload } = onlyMessage(encodeDumpCounters("t", 7));
  assert.deepEqual([type, flags], [0x0a13, 0x301]);
  assert.deepEqual(payload, hex("01000000 06000100 74000000 08000300 00000001"));
  const message = answer(
    "06000100 74000000 07000200 612f6200 1c000480",
    "0c000100 0000000100000002 0c000200 0000000000000003",
  );
  assert.deepEqual(decodeCounter(message), { name: "a/b", packets: 3, bytes: 4_294_967_298 });
  assert.equal(decodeCounter(answer("06000100 74000000")), undefined);
});

test("flows to a server are asked for by what clients asked for and by who answers", () => {
  const { type, flags, payload } = onlyMessage(encodeDumpFlows(flows, 7));
  assert.deepEqual([type, flags], [0x0101, 0x301]);
  assert.deepEqual(
    payload,
    hex(
      "02000000 24000180 0c000180 08000200 0a000050 14000280 05000100 11000000 06000300 00350000" +
        "24000280 0c000180 08000100 0a090001 14000280 05000100 11000000 06000200 14e90000" +
        // Destination, number and its port; source, number and its port.
        "14001980 08000100 2a000000 08000200 19000000",
    ),
  );
  const { service: _, ...rest } = flows;
  const all =
    onlyMessage(encodeDumpFlows({ ...rest, server: { ...rest.server, port: 0 } }, 7)).payload;
  assert.deepEqual(all.subarray(-20), hex("14001980 08000100 00000000 08000200 09000000"));
});

test("of what the kernel tells only those flows are forgotten that were asked for", () => {
  const message = answer(original, reply, "08000c00 cafe0001");
  const found = decodeFlow(message, flows);
  assert.ok(found !== undefined);
  const { type, flags, payload } = onlyMessage(encodeForgetFlow(found, 8));
  assert.deepEqual([type, flags], [0x0102, 0x5]);
  assert.deepEqual(payload, hex(`02000000 ${original} 08000c00 cafe0001`));
  assert.equal(payload.length, aligned(payload.length));
  const others: Partial<ServerFlows>[] = [
    { protocol: 6 },
    { server: { ...flows.server, port: 5354 } },
    { server: { ...flows.server, address: ip("10.9.0.2") } },
    { service: { address: ip("10.0.0.81"), port: 53 } },
    { service: { address: ip("10.0.0.80"), port: 54 } },
  ];
  for (const other of others) assert.equal(decodeFlow(message, { ...flows, ...other }), undefined);
  const { service: _, ...whatever } = flows;
  assert.ok(decodeFlow(message, whatever) !== undefined);
  assert.equal(decodeFlow(answer(original), flows), undefined);
});
