/**
 * The C compiler as judge: constants, sizes and offsets of `ffi/` are held against the headers of
 * this machine, and of arm64 where its compiler is installed.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Architecture, architectureFacts } from "../../../ffi/architecture.ts";
import * as ffi from "../../../ffi/mod.ts";
import { errno as errnoTable } from "../../../ffi/errno.ts";
import { test } from "../../support/test.ts";

const filterOperations: Record<keyof typeof ffi.BPF, string> = {
  LOAD_BYTE: "BPF_LD|BPF_B|BPF_ABS",
  LOAD_HALF: "BPF_LD|BPF_H|BPF_ABS",
  LOAD_WORD: "BPF_LD|BPF_W|BPF_ABS",
  LOAD_BYTE_X: "BPF_LD|BPF_B|BPF_IND",
  LOAD_LENGTH: "BPF_LD|BPF_W|BPF_LEN",
  LOAD_NUMBER: "BPF_LD|BPF_W|BPF_IMM",
  LOAD_MEMORY: "BPF_LD|BPF_W|BPF_MEM",
  HEADER_LENGTH_X: "BPF_LDX|BPF_B|BPF_MSH",
  NUMBER_X: "BPF_LDX|BPF_W|BPF_IMM",
  STORE: "BPF_ST",
  COPY_X: "BPF_MISC|BPF_TAX",
  AND: "BPF_ALU|BPF_AND|BPF_K",
  SHIFT_RIGHT: "BPF_ALU|BPF_RSH|BPF_K",
  SHIFT_RIGHT_X: "BPF_ALU|BPF_RSH|BPF_X",
  SUBTRACT_X: "BPF_ALU|BPF_SUB|BPF_X",
  JUMP: "BPF_JMP|BPF_JA",
  JUMP_EQUAL: "BPF_JMP|BPF_JEQ|BPF_K",
  JUMP_GREATER: "BPF_JMP|BPF_JGT|BPF_K",
  JUMP_BITS: "BPF_JMP|BPF_JSET|BPF_K",
  RETURN: "BPF_RET|BPF_K",
};

function ofFilters(): [expression: string, value: number][] {
  return [
    ...Object.entries(filterOperations).map(([name, expression]): [string, number] => {
      return [expression, ffi.BPF[name as keyof typeof ffi.BPF]];
    }),
    ["sizeof(struct sock_filter)", ffi.filterProgram([[0, 0, 0, 0]]).length],
    ["sizeof(struct sock_fprog)", ffi.filterHeader(new Uint8Array(8), 0).length],
    ["offsetof(struct sock_fprog, filter)", 8],
    ["(unsigned)SKF_NET_OFF", ffi.BPF_NETWORK_HEADER],
    ["SOL_ICMPV6", ffi.SOL.ICMPV6],
    ["ICMP6_FILTER", ffi.ICMP6.FILTER],
    ["sizeof(struct icmp6_filter)", 32],
    ...ofListening,
  ];
}

/** A C expression and the number that `ffi/` has for it. */
type Expectation = [expression: string, value: number];

function prefixed(prefix: string, table: Readonly<Record<string, number>>): Expectation[] {
  return Object.entries(table).map(([name, value]) => [`${prefix}${name}`, value]);
}

/** What scripts, files and links are watched with. */
const ofTracking: readonly Expectation[] = [
  ...prefixed("IN_", ffi.INOTIFY),
  ["sizeof(struct inotify_event)", 16],
  ...prefixed("SIOC", ffi.SIOC),
  ["ETHTOOL_GLINK", 0x0a],
  ["MII_BMSR", 1],
  ["BMSR_LSTATUS", 4],
  ["sizeof(struct ifreq)", 40],
  ["sizeof(struct mii_ioctl_data)", 8],
  ["offsetof(struct mii_ioctl_data, val_out)", 6],
  ...prefixed("POSIX_SPAWN_", ffi.SPAWN),
  ["WNOHANG", ffi.WNOHANG],
  [`sizeof(posix_spawnattr_t) <= ${ffi.attributeSize}`, 1],
  [`sizeof(posix_spawn_file_actions_t) <= ${ffi.attributeSize}`, 1],
  ["sizeof(sigset_t)", ffi.signalSetSize],
];

/** What frames are listened for with. */
const ofListening: readonly Expectation[] = [
  ["SOL_PACKET", ffi.SOL.PACKET],
  ...prefixed("PACKET_", ffi.PACKET),
  ["ETH_P_ALL", ffi.ETH_P_ALL],
  ["sizeof(struct packet_mreq)", ffi.packetMembership(1 as never, 0).length],
  ["offsetof(struct packet_mreq, mr_type)", 4],
  ["FD_CLOEXEC", ffi.FD_CLOEXEC],
];

/** C expressions and the numbers that `ffi/` has for them. */
function expectations(architecture: Architecture): Expectation[] {
  const { syscall, epollEvent } = architectureFacts(architecture);
  return [
    ...prefixed("AF_", ffi.AF),
    ...prefixed("SOCK_", ffi.SOCK),
    ["SOL_SOCKET", ffi.SOL.SOCKET],
    ["SOL_IP", ffi.SOL.IP],
    ["SOL_IPV6", ffi.SOL.IPV6],
    ["SOL_NETLINK", ffi.SOL.NETLINK],
    ...prefixed("SO_", ffi.SO),
    ...prefixed("IP_", ffi.IP),
    ...prefixed("IPV6_", ffi.IPV6),
    ["NETLINK_ROUTE", ffi.NETLINK.ROUTE],
    ["NETLINK_ADD_MEMBERSHIP", ffi.NETLINK.ADD_MEMBERSHIP],
    ["NETLINK_CAP_ACK", ffi.NETLINK.CAP_ACK],
    ["NETLINK_EXT_ACK", ffi.NETLINK.EXT_ACK],
    ...prefixed("EPOLL", { _CTL_ADD: 1, _CTL_DEL: 2, _CTL_MOD: 3 }),
    ...prefixed("EPOLL", { IN: ffi.EPOLL.IN, ERR: ffi.EPOLL.ERR, ET: ffi.EPOLL.ET }),
    ...prefixed("EPOLL", { HUP: ffi.EPOLL.HUP, _CLOEXEC: ffi.EPOLL.CLOEXEC }),
    ...prefixed("F_", ffi.F),
    ...prefixed("O_", ffi.O),
    ...prefixed("LOCK_", ffi.LOCK),
    ...prefixed("MSG_", ffi.MSG),
    ...prefixed("CLOCK_", ffi.CLOCK),
    ...prefixed("TFD_", ffi.TFD),
    ["TIMER_ABSTIME", ffi.TIMER_ABSTIME],
    ["SIGEV_THREAD_ID", ffi.SIGEV_THREAD_ID],
    ["SIGIO", ffi.SIGIO],
    ["POLLOUT", ffi.POLLOUT],
    ...ofFilters(),
    ["MADV_DONTNEED", ffi.MADV_DONTNEED],
    ...prefixed("CLONE_", ffi.CLONE),
    ...prefixed("", errnoTable),
    ...prefixed("SYS_", syscall),
    ...prefixed("SCHED_", ffi.SCHED),
    ...prefixed("MCL_", ffi.MCL),
    ["RLIMIT_RTTIME", ffi.RLIMIT_RTTIME],
    ["SIGXCPU", ffi.SIGXCPU],
    ["sizeof(struct epoll_event)", epollEvent.size],
    ["offsetof(struct epoll_event, data)", epollEvent.dataOffset],
    ["sizeof(struct msghdr)", ffi.messageHeaderSize],
    ["offsetof(struct msghdr, msg_namelen)", ffi.messageNameLength],
    ["offsetof(struct msghdr, msg_iov)", 16],
    ["offsetof(struct msghdr, msg_iovlen)", 24],
    ["offsetof(struct msghdr, msg_control)", 32],
    ["offsetof(struct msghdr, msg_controllen)", ffi.messageControlLength],
    ["sizeof(struct mmsghdr)", ffi.multiMessageHeaderSize],
    ["offsetof(struct mmsghdr, msg_len)", ffi.multiMessageLength],
    ["sizeof(struct iovec)", ffi.vectorSize],
    ["sizeof(struct cmsghdr)", ffi.controlHeaderSize],
    ["sizeof(struct itimerspec)", ffi.timerSpecSize],
    ["offsetof(struct itimerspec, it_value)", 16],
    ["sizeof(struct sockaddr_in)", 16],
    ["sizeof(struct sockaddr_in6)", 28],
    ["offsetof(struct sockaddr_in6, sin6_scope_id)", 24],
    ["sizeof(struct sockaddr_ll)", 20],
    ["offsetof(struct sockaddr_ll, sll_ifindex)", 4],
    ["offsetof(struct sockaddr_ll, sll_halen)", 11],
    ["sizeof(struct sockaddr_nl)", 12],
    ["offsetof(struct sockaddr_nl, nl_pid)", ffi.netlinkAddressPortId],
    ["sizeof(struct ip_mreqn)", 12],
    ["sizeof(struct ipv6_mreq)", 20],
    ["sizeof(struct in6_pktinfo)", 20],
    ["sizeof(struct sigevent)", 64],
    ["offsetof(struct sigevent, sigev_notify)", 12],
    ["offsetof(struct sigevent, _sigev_un)", 16],
    ["sizeof(struct pollfd)", 8],
    ...ofTracking,
  ];
}

const includes = [
  "stddef.h stdio.h errno.h fcntl.h poll.h sched.h signal.h time.h arpa/inet.h net/if.h",
  "netinet/icmp6.h",
  "netinet/in.h netpacket/packet.h sys/epoll.h sys/file.h sys/mman.h sys/resource.h sys/socket.h",
  "sys/syscall.h sys/timerfd.h sys/uio.h linux/filter.h linux/netlink.h",
  "spawn.h sys/inotify.h sys/ioctl.h sys/wait.h linux/sockios.h linux/ethtool.h linux/mii.h",
].join(" ").split(" ");

/** What the compiler's headers say, by expression; SOL_… of newer headers may be missing. */
function judge(compiler: string, expressions: readonly string[]): Map<string, number> {
  const directory = mkdtempSync(join(tmpdir(), "standin-headers-"));
  try {
    const lines = expressions.map((expression, at) =>
      `long long value_${at} __attribute__((used)) = (long long)(${expression});`
    );
    const prelude = includes.map((name) => `#include <${name}>`).join("\n");
    const fallbacks = "#ifndef SOL_NETLINK\n#define SOL_NETLINK 270\n#endif\n";
    const source = `#define _GNU_SOURCE\n${prelude}\n${fallbacks}${lines.join("\n")}\n`;
    writeFileSync(join(directory, "probe.c"), source);
    const assembly = execFileSync(compiler, ["-S", "-O0", "-o", "-", join(directory, "probe.c")], {
      encoding: "utf8",
    });
    const values = new Map<string, number>();
    for (const [at, expression] of expressions.entries()) {
      const pattern = new RegExp(`^value_${at}:\\s+\\.(?:quad|xword|zero)\\s+(-?\\d+)`, "m");
      const match = pattern.exec(assembly);
      assert.ok(match !== null, `no value for ${expression}`);
      values.set(expression, /\.zero/.test(match[0]) ? 0 : Number(match[1]));
    }
    return values;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

for (
  const [architecture, compilers] of [
    ["x64", ["x86_64-linux-gnu-gcc", "cc"]],
    ["arm64", ["aarch64-linux-gnu-gcc"]],
  ] as const
) {
  const usable = compilers.find((name) =>
    spawnSync(name, ["--version"]).status === 0 &&
    (name !== "cc" || process.arch === architecture)
  );
  test(
    `constants and layouts of ${architecture} are those of the C headers`,
    () => {
      const expected = expectations(architecture);
      const actual = judge(usable ?? "", expected.map(([expression]) => expression));
      for (const [expression, value] of expected) {
        assert.equal(actual.get(expression), value, expression);
      }
    },
    { skip: usable === undefined ? `no C compiler for ${architecture}` : undefined },
  );
}
