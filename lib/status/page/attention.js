/**
 * What a person should look at, in sentences, the worst first.
 */

import { h } from "./dom.js";
import { mark } from "./marks.js";
import { clock } from "./time.js";

/** @import { InstanceStatus, Snapshot } from "../../engine/mod.ts" */

/**
 * @typedef {object} Concern
 * @property {"FAULT" | "WARNING"} mark
 * @property {string} sentence
 * @property {string} [about] where on the page it is
 */

/**
 * Everything that is not as it should be.
 * @param {Snapshot} status
 * @param {number} now
 * @returns {Concern[]}
 */
export function concernsOf(status, now) {
  const { instances, virtualServers, resources, bfdSessions, maintenance, lostPackets } = status;
  const { refused } = status.config;
  const concerns = [
    ...instances.flatMap((one) => about(`router-${one.name}`, instanceConcerns(one))),
    ...virtualServers.flatMap((one) => about(`server-${one.name}`, serverConcerns(one))),
    ...resources.flatMap(({ name, heldOff, resources: each }) => [
      ...heldOff === null ? [] : [bad(`${name}: ${heldOff.resource} failed: ${heldOff.detail}`)],
      ...each.filter(({ state }) => state === "failed" || state === "stuck")
        .map((one) => bad(`${name}: ${one.name} is ${one.state}`)),
    ]),
    ...bfdSessions.filter(({ state }) => state === "Down")
      .map(({ name, diagnostic }) => warn(`BFD session ${name} is down${because(diagnostic)}`)),
  ];
  if (maintenance !== null) {
    const { until } = maintenance;
    const end = until === null ? "it is ended" : clock(Date.parse(until), now);
    concerns.push(warn(`Maintenance: this node takes no part until ${end}`));
  }
  if (refused !== null) {
    const when = clock(Date.parse(refused.at), now);
    const errors = refused.errors === 1 ? "1 error" : `${refused.errors} errors`;
    const what = `The file was refused at ${when}, the one before is in effect`;
    concerns.push(warn(`${what}: ${errors}, ${refused.first}`));
  }
  if (lostPackets > 0) {
    concerns.push(warn(`${lostPackets} VRRP packets were lost: more arrived than were read`));
  }
  return concerns.sort((a, b) => a.mark.localeCompare(b.mark));
}

/**
 * @param {string} id
 * @param {Concern[]} concerns
 * @returns {Concern[]}
 */
function about(id, concerns) {
  return concerns.map((one) => ({ ...one, about: id }));
}

/**
 * @param {string | null} why
 * @returns {string}
 */
function because(why) {
  return why === null ? "" : `: ${why}`;
}

/**
 * @param {InstanceStatus} instance
 * @returns {Concern[]}
 */
function instanceConcerns(instance) {
  const { name, state, faults, twoMasters, duplicateAddresses, addressDifference } = instance;
  const { witness, handedOver } = instance;
  return [
    ...state === "FAULT" ? [bad(`${name} is in FAULT: ${faults.join("; ") || "no cause"}`)] : [],
    ...twoMasters === null ? [] : [
      bad(`${name} has two masters: ${twoMasters.address} too. ${twoMasters.likelyCause}`),
    ],
    ...duplicateAddresses.map(({ address, interface: link, hardwareAddress, likelyCause }) => {
      const who = hardwareAddress ?? "somebody";
      return bad(`${name}: ${who} on ${link} uses ${address} too. ${likelyCause}`);
    }),
    ...addressDifference === null
      ? []
      : [warn(`${name}: ${addressDifference.peer} advertises other addresses`)],
    ...witness?.awaited === true
      ? [bad(`${name} does not reach its witness ${witness.probe}`)]
      : [],
    ...handedOver ? [warn(`${name} was handed over, and stays where it is`)] : [],
  ];
}

/**
 * @param {Snapshot["virtualServers"][number]} server
 * @returns {Concern[]}
 */
function serverConcerns({ name, up, quorum, problem, realServers }) {
  const ill = realServers.filter((one) => !one.up).map((one) => `${one.address}:${one.port}`);
  return [
    ...problem === null ? [] : [bad(`${name}: ${problem}`)],
    ...up ? [] : [bad(`${name} is down: it lacks its quorum of ${quorum}`)],
    ...up && ill.length > 0 ? [warn(`${name}: ${ill.join(", ")} down`)] : [],
  ];
}

/**
 * @param {string} sentence
 * @returns {Concern}
 */
function bad(sentence) {
  return { mark: "FAULT", sentence };
}

/**
 * @param {string} sentence
 * @returns {Concern}
 */
function warn(sentence) {
  return { mark: "WARNING", sentence };
}

/**
 * A concern as shown.
 * @param {Concern} concern
 * @returns {HTMLElement}
 */
export function concern({ mark: state, sentence, about: id }) {
  const sign = mark(state, sentence);
  return id === undefined ? sign : h("a", { href: `#${encodeURIComponent(id)}` }, sign);
}
