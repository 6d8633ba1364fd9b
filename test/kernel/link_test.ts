/**
 * What becomes of an ipvlan when both a daemon and its guard are killed, or when somebody deletes
 * it; and, on the same machine, so that it need not boot again, routers in a VRF and NFS exports.
 */
import assert from "node:assert/strict";
import { isClean, routerOn, variants } from "../support/kernel/ipvlan.ts";
import { nfsModules, tellOfExports } from "../support/kernel/nfs.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import { tellOfVrf } from "../support/kernel/vrf.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { standin } from "../support/lab/makes.ts";
import { sendSignal } from "../support/lab/program.ts";
import type { Router } from "../support/lab/router.ts";
import { guardOf } from "../support/lab/standin.ts";

/** A router on an ipvlan, master already. */
async function rulingOn(lab: Lab, node: Node): Promise<Router> {
  const [variant] = variants;
  assert.ok(variant !== undefined);
  const router = routerOn(lab, node, standin, variant, 200);
  await router.start();
  await router.untilItRules();
  return router;
}

const suite = new KernelSuite(import.meta.url, ["ipvlan", "vrf", ...nfsModules]);

suite.tell("what two crashes at once leave is cleared away by the next start", async (lab) => {
  const { a } = await lab.pair();
  const router = await rulingOn(lab, a);
  const guard = guardOf(a);
  if (guard !== undefined) sendSignal(guard, "SIGKILL");
  await router.crash();
  assert.ok(!isClean(a));
  await router.start();
  await router.untilItRules();
  await router.terminate();
  await lab.bell.until("nothing is left", () => isClean(a));
});

suite.tell("an address of the ipvlan that somebody deletes is given again", async (lab) => {
  const { segment, a } = await lab.pair();
  const router = await rulingOn(lab, a);
  a.namespace.ip("address del 10.77.0.21/24 dev vrrp.51");
  await lab.bell.until("it is there again", () => a.namespace.has("vrrp.51", "10.77.0.21/24"));
  const from = segment.passed;
  await lab.bell.until("adverts", () => segment.adverts(undefined, from).length > 2);
  assert.deepEqual(router.states.at(-1), "MASTER");
});

suite.tell("an interface that is deleted is made again", async (lab) => {
  const { a } = await lab.pair();
  const router = await rulingOn(lab, a);
  a.namespace.ip("link del vrrp.51");
  await lab.bell.until("it is there again", () => a.namespace.has("vrrp.51", "10.77.0.21/24"));
  await router.untilItRules();
});

tellOfVrf(suite);
tellOfExports(suite);
