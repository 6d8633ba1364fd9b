/**
 * `standin init`: a few questions, and the files of both nodes of a pair. What the command line
 * says already is not asked. Nothing is written before every check that `standin check` knows has
 * found nothing wrong with the two files together. On a terminal the numbers that are in use are
 * listened for meanwhile.
 */
import { existsSync, mkdirSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  equalIp,
  formatIp,
  formatPrefix,
  inNetwork,
  type IpAddress,
  type IpPrefix,
  isLinkLocal,
  ok,
  parseIp,
  parsePrefix,
} from "../base/mod.ts";
import { compareNodes, lintConfig } from "../config/lint/mod.ts";
import { type Diagnostic, renderDiagnostic } from "../config/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { exitCode } from "./exit.ts";
import { fileName, type Pair, pairFile } from "./init/files.ts";
import { InputEnded, type Question, Questions } from "./init/questions.ts";
import { freeVrid, heardSentence, listenForMasters } from "./init/vrids.ts";
import { complain, print } from "./output.ts";
import { replaceFile } from "./replace_file.ts";

/** What can be said in advance. */
export interface InitArguments {
  readonly interfaceName: string | undefined;
  readonly peer: string | undefined;
  readonly virtualAddress: string | undefined;
  readonly vrid: number | undefined;
  readonly unicast: boolean | undefined;
  readonly peerName: string | undefined;
  readonly directory: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** `standin init`. */
export async function runInit(words: InitArguments): Promise<number> {
  const interfaces = ownInterfaces();
  if (interfaces.length === 0) {
    complain("standin init: no interface here has an address that others could reach");
    return exitCode.failed;
  }
  const names = nodeNames(words);
  const paths = names.map((name) => join(words.directory, fileName(name)));
  const taken = paths.filter((path) => existsSync(path));
  if (taken.length > 0 && !words.force) {
    complain(`standin init: ${already(taken)} anew`);
    return exitCode.failed;
  }
  const questions = new Questions();
  let pair: Pair;
  try {
    pair = await askAll(words, interfaces, questions);
  } catch (error) {
    if (!(error instanceof InputEnded)) throw error;
    complain("\nstandin init: the answers ended; nothing was written");
    return exitCode.failed;
  } finally {
    questions.close();
  }
  const files = pair.nodes.map((node) => pairFile(pair, node));
  const problems = judge(files);
  if (problems.length > 0) {
    for (const problem of problems) complain(renderDiagnostic(problem));
    complain("standin init: these answers do not fit together; nothing was written");
    return exitCode.failed;
  }
  mkdirSync(words.directory, { recursive: true });
  for (const [index, { text }] of files.entries()) {
    replaceFile(paths[index] ?? "", new TextEncoder().encode(text));
  }
  const nodes = pair.nodes.map(({ name, address }, index) => (
    { name, address: formatIp(address), file: paths[index] }
  ));
  print(words.json ? JSON.stringify({ nodes }, null, 2) : nextSteps(pair, paths));
  return exitCode.ok;
}

function already(taken: readonly string[]): string {
  const [exists, it] = taken.length === 1 ? ["exists", "it"] : ["exist", "them"];
  return `${taken.join(" and ")} ${exists} already; --force writes ${it}`;
}

interface OwnInterface {
  readonly name: string;
  readonly prefixes: readonly IpPrefix[];
}

async function askAll(
  words: InitArguments,
  interfaces: readonly OwnInterface[],
  questions: Questions,
): Promise<Pair> {
  /** What the command line says is an answer like another, but is not asked for again. */
  const ask = async <T>(said: string | undefined, question: Question<T>): Promise<T> => {
    if (said !== undefined) {
      const result = question.read(said);
      if ("value" in result) return result.value;
      complain(`  ${said}: ${result.problem}`);
    }
    return await questions.ask(question);
  };
  const listed = interfaces.map(({ name, prefixes }) =>
    `  ${name.padEnd(12)} ${prefixes.map(formatPrefix).join(", ")}`
  );
  if (words.interfaceName === undefined) complain(listed.join("\n"));
  const place = await ask(words.interfaceName, {
    text: "Interface that the clients are on",
    ...(interfaces[0] && { usual: interfaces[0].name }),
    read: (answer) => {
      const found = interfaces.find(({ name }) => name === answer);
      return found === undefined ? { problem: "there is no such interface" } : { value: found };
    },
  });
  const peer = await ask(words.peer, {
    text: "Address of the other node there",
    read: (answer) => readPeer(answer, place),
  });
  // Who is not there to type does not give it the time.
  const isAsked = words.vrid === undefined && process.stdin.isTTY;
  const masters = isAsked ? await listenForMasters(place.name) : undefined;
  const own = place.prefixes.find((one) => inNetwork(peer, one));
  const network = own ?? { address: peer, prefixLength: 24 };
  const virtualAddress = await ask(words.virtualAddress, {
    text: "Virtual address, which moves between them",
    read: (answer) => readVirtual(answer, network, peer),
  });
  const heard = await masters?.() ?? new Map();
  const said = heardSentence(heard);
  if (said !== undefined) complain(said);
  const vrid = await ask(words.vrid?.toString(), {
    text: "Number of the pair on this network (virtual_router_id)",
    usual: String(freeVrid(heard, peer)),
    read: (answer) => {
      const number = Number(answer);
      const isVrid = Number.isInteger(number) && number >= 1 && number <= 255;
      return isVrid ? { value: number } : { problem: "expected a number from 1 to 255" };
    },
  });
  const multicast = await ask(words.unicast === undefined ? undefined : yesOrNo(!words.unicast), {
    text: "Does multicast reach the other node? (no in most clouds)",
    usual: "yes",
    read: (answer) => {
      const isYes = /^y(es)?$/i.test(answer);
      const isAnswer = isYes || /^no?$/i.test(answer);
      return isAnswer ? { value: isYes } : { problem: "expected yes or no" };
    },
  });
  const [here, there] = nodeNames(words);
  return {
    interfaceName: place.name,
    vrid,
    virtualAddress,
    unicast: !multicast,
    nodes: [
      { name: here, address: network.address, priority: 150 },
      { name: there, address: peer, priority: 100 },
    ],
  };
}

/** How the two are called, here and there; nobody is asked. */
function nodeNames({ peerName }: InitArguments): readonly [here: string, there: string] {
  const here = hostname().split(".")[0] ?? "here";
  return [here, peerName ?? (here === "peer" ? "other" : "peer")];
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** Those with addresses that are not of the link, but for the loopback. */
function ownInterfaces(): OwnInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, known = []]) => {
    const prefixes = known.filter(({ internal }) => !internal)
      .flatMap(({ cidr }) => parsePrefix(cidr ?? "") ?? [])
      .filter(({ address }) => !isLinkLocal(address));
    return prefixes.length === 0 ? [] : [{ name, prefixes }];
  });
}

function readPeer(
  answer: string,
  { name, prefixes }: OwnInterface,
): ReturnType<Question<IpAddress>["read"]> {
  const address = parseIp(answer);
  if (address === undefined) return { problem: "expected an address, such as 192.0.2.12" };
  if (prefixes.some((own) => equalIp(own.address, address))) {
    return { problem: "this node has that address itself" };
  }
  if (prefixes.some((own) => inNetwork(address, own))) return { value: address };
  const networks = prefixes.map(formatPrefix).join(", ");
  return { problem: `it is not on the network of ${name}: ${networks}` };
}

function readVirtual(
  answer: string,
  network: IpPrefix,
  peer: IpAddress,
): ReturnType<Question<IpPrefix>["read"]> {
  const written = answer.includes("/") ? parsePrefix(answer) : undefined;
  const alone = parseIp(answer);
  const prefix = written ?? (alone && { address: alone, prefixLength: network.prefixLength });
  if (prefix === undefined) return { problem: "expected an address, such as 192.0.2.100" };
  const { address } = prefix;
  if (equalIp(address, network.address) || equalIp(address, peer)) {
    return { problem: "a node has that address itself; choose one that nobody has" };
  }
  if (inNetwork(address, network)) return { value: prefix };
  return { problem: `it is not on the network of the nodes: ${formatPrefix(network)}` };
}

/** What `standin check` says of the two, in a world where nothing but them is known. */
function judge(files: readonly { name: string; text: string }[]): Diagnostic[] {
  const environment = { ...configEnvironment(), interfaces: undefined };
  const linted = files.map(({ name, text }) => {
    const read = () => ok(new TextEncoder().encode(text));
    const alone = { ...environment, files: { ...environment.files, read } };
    return { ...lintConfig(name, alone), file: name };
  });
  const together = compareNodes(linted.map(({ file, subject }) => ({ file, subject })));
  return [...linted.flatMap(({ diagnostics }) => diagnostics), ...together];
}

function nextSteps({ nodes: [, there] }: Pair, [own = "", other = ""]: readonly string[]): string {
  const commands = [
    [`standin check ${own} ${other}`, "what is wrong with them: nothing"],
    [`standin simulate ${own} ${other}`, "what happens when something fails"],
    [`standin doctor ${own}`, "whether this box can do it, as root"],
  ];
  const width = Math.max(...commands.map(([command = ""]) => command.length));
  return [
    `wrote ${own} and ${other}`,
    "",
    ...commands.map(([command = "", what]) => `  ${command.padEnd(width)}  # ${what}`),
    "",
    "Then, on this node as root:",
    "",
    `  mkdir -p /etc/standin && cp ${own} /etc/standin/standin.conf && standin install`,
    "",
    `and on ${formatIp(there.address)} the same with ${other}.`,
  ].join("\n");
}
