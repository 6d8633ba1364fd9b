/**
 * The stage of the demo: the network with its nodes, the two routers, and everything that watches
 * them and tells the timeline. Who watches asks the kernel and the wire, not the daemons: that an
 * address moved is told by the node's kernel, and an advert counts when the client's node heard it.
 */
import {
  equalIp,
  formatIp,
  type Instant,
  instant,
  type IpAddress,
  milliseconds,
} from "../../base/mod.ts";
import {
  type LabNode,
  type NetworkLab,
  openNetworkLab,
  type Pinger,
} from "../../host/linux/mod.ts";
import { isAnswered } from "./measure.ts";
import { endWithUs, type LogLine, Router } from "./router.ts";
import {
  clientPrefix,
  instanceName,
  left,
  pingInterval,
  pingPatience,
  right,
  type RouterSetup,
  virtualAddress,
  virtualText,
} from "./setup.ts";
import { Timeline, type TimelineLook, type Tone } from "./timeline.ts";
import { type Expectation, until } from "./wait.ts";

/** An advert on the wire. */
export interface TimedAdvert {
  readonly at: Instant;
  readonly source: IpAddress;
  readonly priority: number;
}

/** How often the pings are looked at. */
const lookEveryMs = 20;

/** Everything that the story needs. */
export class Stage {
  readonly lab: NetworkLab;
  readonly timeline: Timeline;
  readonly left: Router;
  readonly right: Router;
  /** Every advert that reached the client's node. */
  readonly adverts: readonly TimedAdvert[];
  readonly #client: LabNode;
  readonly #adverts: TimedAdvert[] = [];
  #pinger: Pinger | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;

  private constructor(lab: NetworkLab, directory: string, look: TimelineLook) {
    this.lab = lab;
    this.timeline = new Timeline(() => lab.now(), look);
    this.adverts = this.#adverts;
    this.left = this.#addRouter(left, directory);
    this.right = this.#addRouter(right, directory);
    endWithUs([this.left, this.right]);
    this.#client = lab.addNode("client", clientPrefix);
    lab.onAdvert(this.#client, ({ source, priority }) => {
      this.#adverts.push({ at: lab.now(), source, priority });
    });
  }

  /** Builds the network; throws a sentence when the kernel refuses. */
  static async build(directory: string, look: TimelineLook): Promise<Stage> {
    return new Stage(await openNetworkLab(), directory, look);
  }

  /** Starts the client, which pings from then on. */
  startClient(): Pinger {
    const plan = { target: virtualAddress, interval: pingInterval };
    this.#pinger = this.lab.ping(this.#client, plan);
    this.#watch = watchPings(this.#pinger, this.timeline, () => this.lab.now());
    return this.#pinger;
  }

  /** Waits until the condition holds; throws when that takes too long, or a daemon ended. */
  async until(condition: () => boolean, expectation: Expectation): Promise<void> {
    await until(() => {
      for (const { setup, failure } of [this.left, this.right]) {
        if (failure !== undefined) throw new Error(`Router ${setup.name} failed: ${failure}`);
      }
      return condition();
    }, expectation);
  }

  /** Ends the client. */
  stopClient(): void {
    clearInterval(this.#watch);
    this.#pinger?.[Symbol.dispose]();
    this.#pinger = undefined;
  }

  /** Ends everything. */
  async end(): Promise<void> {
    this.stopClient();
    await Promise.all([this.left.end(), this.right.end()]);
    this.timeline.close();
    this.lab[Symbol.dispose]();
  }

  #addRouter(setup: RouterSetup, directory: string): Router {
    const node = this.lab.addNode(setup.name, setup.prefix);
    const router = new Router(setup, node, directory, (line) => this.#retell(setup.name, line));
    this.lab.onAddress(node, (address, present) => {
      if (!equalIp(address, virtualAddress)) return;
      const cause = router.killed ? " (its crash guard took it away)" : "";
      const text = present ? `has ${virtualText}` : `has ${virtualText} no more${cause}`;
      this.timeline.tell(setup.name, text);
    });
    return router;
  }

  /** Of what a daemon says: transitions and bad news. */
  #retell(who: RouterSetup["name"], { time, level, message, to }: LogLine): void {
    const isBad = level === "error" || level === "warning";
    if (to === undefined && !isBad) return;
    const ago = time === undefined ? 0 : Math.max(0, Date.now() - time);
    const at = instant(this.lab.now() - milliseconds(ago));
    const tone: Tone | undefined = isBad ? "bad" : to === "MASTER" ? "good" : undefined;
    const text = message.replace(`${instanceName}: `, "");
    this.timeline.tell(who, text, { at, ...(tone === undefined ? {} : { tone }) });
  }
}

/** Tells when answers begin, end and begin again. */
function watchPings(
  { pings }: Pinger,
  timeline: Timeline,
  now: () => Instant,
): ReturnType<typeof setInterval> {
  let next = 0;
  // Nothing is known before the first answer is late, or there.
  let answered: boolean | undefined;
  return setInterval(() => {
    for (let ping = pings[next]; ping !== undefined; ping = pings[++next]) {
      const { sentAt, answeredAt } = ping;
      const isOld = now() - sentAt > pingPatience;
      if (answeredAt === undefined && !isOld) return;
      const before = answered;
      answered = isAnswered(ping, pingPatience);
      if (answered === before) continue;
      if (isAnswered(ping, pingPatience)) {
        const text = before === undefined ? "gets answers" : "gets answers again";
        timeline.tell("client", text, { at: ping.answeredAt, tone: "good" });
      } else timeline.tell("client", "gets no answer", { at: sentAt, tone: "bad" });
    }
  }, lookEveryMs);
}

/** A router's address as text. */
export function addressOf({ prefix }: RouterSetup): string {
  return formatIp(prefix.address);
}
