/**
 * What the manual says besides the commands: files, signals, environment, and where to read on.
 */
import { defaultConfigFiles, defaultRunDir } from "./paths.ts";
import type { Block, Section } from "./roff.ts";

type Row = readonly [term: string, text: string];

function rows(...all: readonly Row[]): Block {
  const items = all.map(([term, text]) => ({ term: [{ bold: term }], text }));
  return { kind: "items", items };
}

const [ownConfig, keepalivedConfig] = defaultConfigFiles;

const signals = rows(
  ["HUP", "reads the configuration again, as standin reload does; a file with errors is refused"],
  ["TERM, INT", "hands the roles over, takes the addresses away and ends"],
  ["USR1", "writes what is configured and how it is, in keepalived's form: /tmp/keepalived.data"],
  ["USR2", "writes what was counted, in keepalived's form: /tmp/keepalived.stats"],
  ["RTMIN+2", "writes /tmp/keepalived.json; standin --signum=JSON prints the number"],
);

const files = rows(
  [ownConfig, "the configuration; the language is keepalived.conf, or JSON in *.json and *.jsonc"],
  [keepalivedConfig, `the configuration where there is no ${ownConfig}`],
  [
    `${defaultRunDir}/`,
    "the run directory (--run-dir): pid file, held-addresses, and control.sock",
  ],
  [`${defaultRunDir}/control.sock`, "where a running daemon is asked: HTTP, for its user only"],
  [
    "/var/lib/standin/",
    "events.jsonl and what else outlives the machine's start; below the run " +
    "directory when one is named",
  ],
);

const environment = rows(
  [
    "NO_COLOR",
    "without colours when it is set to anything; so does TERM=dumb. There are colours " +
    "on a terminal only",
  ],
  [
    "NOTIFY_SOCKET, JOURNAL_STREAM",
    "set by systemd: it is told when the daemon is ready, and " +
    "lines of the log carry their level",
  ],
  ["PATH", "where scripts of the configuration and the tools that they name are looked for"],
  ["TMPDIR", "where dump files are written, as by keepalived; /tmp if absent"],
);

/** The sections behind the commands and the exit status. */
export const besides: readonly Section[] = [
  { title: "Signals", blocks: [{ kind: "text", text: "A daemon takes these:" }, signals] },
  { title: "Files", blocks: [files] },
  { title: "Environment", blocks: [environment] },
  {
    title: "Examples",
    blocks: [rows(
      ["standin check /etc/keepalived/keepalived.conf", "what is wrong in a file, before it runs"],
      ["standin status --watch", "who is master, since when and why, until Ctrl-C"],
      [
        "standin status --json | jq -r '.instances[] | select(.state == \"FAULT\") | .name'",
        "the instances in FAULT, for a script",
      ],
      ["standin plan; [ $? = 2 ] && standin reload", "reload only when something is different"],
      ["standin maintenance on --for 30m", "take no part for half an hour"],
    )],
  },
  {
    title: "See also",
    blocks: [{
      kind: "text",
      text: "keepalived(8), keepalived.conf(5), ip(8), nft(8), ipvsadm(8). Keywords: standin " +
        "explain keyword NAME. Everything else: https://github.com/standin-ha/standin",
    }],
  },
];
