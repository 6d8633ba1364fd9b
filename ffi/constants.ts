/**
 * Numbers of the Linux interface, by the names of its headers. They are the same on x86-64 and
 * AArch64; what differs between the two stands in `architecture.ts`.
 */

/** <sys/socket.h>, <bits/socket.h> */
export const AF = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16, PACKET: 17 } as const;
/** Socket types and the flags that go with them. */
export const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3, NONBLOCK: 0o4000, CLOEXEC: 0o2000000 } as const;
/** <linux/if_packet.h>: an interface gives all that is for any group. */
export const PACKET = { ADD_MEMBERSHIP: 1, MR_ALLMULTI: 2 } as const;
/** <linux/if_ether.h>: every protocol, what leaves among it. */
export const ETH_P_ALL = 3;
/** Levels of socket options. */
export const SOL = { SOCKET: 1, IP: 0, IPV6: 41, ICMPV6: 58, PACKET: 263, NETLINK: 270 } as const;
/** <asm-generic/socket.h> */
export const SO = {
  REUSEADDR: 2,
  SNDBUF: 7,
  RCVBUF: 8,
  PRIORITY: 12,
  BINDTODEVICE: 25,
  ATTACH_FILTER: 26,
  RCVBUFFORCE: 33,
  MARK: 36,
  MEMINFO: 55,
} as const;
/** <linux/in.h> */
export const IP = {
  TOS: 1,
  TTL: 2,
  HDRINCL: 3,
  PKTINFO: 8,
  RECVTTL: 12,
  MULTICAST_IF: 32,
  MULTICAST_LOOP: 34,
  ADD_MEMBERSHIP: 35,
  MULTICAST_ALL: 49,
} as const;
/** <linux/in6.h>, <linux/ipv6.h> */
export const IPV6 = {
  UNICAST_HOPS: 16,
  MULTICAST_IF: 17,
  MULTICAST_HOPS: 18,
  MULTICAST_LOOP: 19,
  JOIN_GROUP: 20,
  V6ONLY: 26,
  RECVPKTINFO: 49,
  PKTINFO: 50,
  RECVHOPLIMIT: 51,
  HOPLIMIT: 52,
  TCLASS: 67,
} as const;
/** <netinet/icmp6.h>: which types a raw socket is spared, one bit for each. */
export const ICMP6 = { FILTER: 1 } as const;
/** <linux/netlink.h>: options of netlink sockets and the protocols for routes and for families. */
export const NETLINK = {
  ROUTE: 0,
  NETFILTER: 12,
  GENERIC: 16,
  ADD_MEMBERSHIP: 1,
  CAP_ACK: 10,
  EXT_ACK: 11,
  GET_STRICT_CHK: 12,
} as const;
/** <sys/epoll.h> */
export const EPOLL = {
  CTL_ADD: 1,
  CTL_DEL: 2,
  CTL_MOD: 3,
  IN: 1,
  OUT: 4,
  ERR: 8,
  HUP: 16,
  ET: 0x8000_0000,
  CLOEXEC: 0o2000000,
} as const;
/** <fcntl.h> */
export const F = { GETFD: 1, SETFD: 2, SETFL: 4, SETOWN: 8, DUPFD_CLOEXEC: 1030 } as const;
/** <fcntl.h>, the only flag of a descriptor. */
export const FD_CLOEXEC = 1;
/** <fcntl.h> */
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  ASYNC: 0o20000,
  CLOEXEC: 0o2000000,
} as const;
/** <sys/file.h> */
export const LOCK = { EX: 2, NB: 4 } as const;
/** <sys/socket.h> */
export const MSG = { DONTWAIT: 0x40, NOSIGNAL: 0x4000 } as const;
/** <time.h> */
export const CLOCK = { REALTIME: 0, MONOTONIC: 1, BOOTTIME: 7 } as const;
/** <sys/timerfd.h>; the last two go with timerfd_settime(2). */
export const TFD = {
  NONBLOCK: 0o4000,
  CLOEXEC: 0o2000000,
  TIMER_ABSTIME: 1,
  TIMER_CANCEL_ON_SET: 2,
} as const;
/** <time.h> */
export const TIMER_ABSTIME = 1;
/** <asm-generic/siginfo.h>: notify one thread with a signal. */
export const SIGEV_THREAD_ID = 4;
/** <asm-generic/signal.h> */
export const SIGIO = 29;
/** <bits/signum-generic.h>: the handler that ignores. */
export const SIG_IGN = 1;
/** <sched.h> */
export const CLONE = { NEWNET: 0x40000000 } as const;
/** <linux/sched.h>: policies; what a thread with the flag starts begins without its policy. */
export const SCHED = { OTHER: 0, RR: 2, RESET_ON_FORK: 0x40000000 } as const;
/** <sys/mman.h>: which pages stay in memory. */
export const MCL = { CURRENT: 1, FUTURE: 2, ONFAULT: 4 } as const;
/** <sys/resource.h>: how long a real-time thread may run without a pause. */
export const RLIMIT_RTTIME = 15;
/** <asm-generic/signal.h>: a limit of processor time is exceeded. */
export const SIGXCPU = 24;
/** <asm-generic/mman-common.h>: the pages are not needed now. */
export const MADV_DONTNEED = 4;
/** <poll.h> */
export const POLLOUT = 4;
/** <sys/inotify.h> */
export const INOTIFY = {
  CLOSE_WRITE: 8,
  MOVED_FROM: 0x40,
  MOVED_TO: 0x80,
  CREATE: 0x100,
  DELETE: 0x200,
  DELETE_SELF: 0x400,
  MOVE_SELF: 0x800,
  Q_OVERFLOW: 0x4000,
  IGNORED: 0x8000,
  NONBLOCK: 0o4000,
  CLOEXEC: 0o2000000,
} as const;
/** <linux/sockios.h>: questions to an interface. */
export const SIOC = {
  GIFFLAGS: 0x8913,
  ETHTOOL: 0x8946,
  GMIIPHY: 0x8947,
  GMIIREG: 0x8948,
} as const;
/** <spawn.h> */
export const SPAWN = { SETPGROUP: 2, SETSIGDEF: 4, SETSIGMASK: 8 } as const;
/** <sys/wait.h>: do not wait. */
export const WNOHANG = 1;
