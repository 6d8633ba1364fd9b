/**
 * Error numbers of Linux with their names and the sentences of strerror(3). They are the same on
 * x86-64 and AArch64. Only those that our calls can meet are here; others show as their number.
 */

const errors: readonly (readonly [number, string, string])[] = [
  [1, "EPERM", "operation not permitted"],
  [2, "ENOENT", "no such file or directory"],
  [3, "ESRCH", "no such process"],
  [4, "EINTR", "interrupted system call"],
  [6, "ENXIO", "no such device or address"],
  [9, "EBADF", "bad file descriptor"],
  [11, "EAGAIN", "resource temporarily unavailable"],
  [12, "ENOMEM", "cannot allocate memory"],
  [13, "EACCES", "permission denied"],
  [16, "EBUSY", "device or resource busy"],
  [17, "EEXIST", "it exists already"],
  [19, "ENODEV", "no such device"],
  [22, "EINVAL", "invalid argument"],
  [23, "ENFILE", "too many open files in system"],
  [24, "EMFILE", "too many open files"],
  [28, "ENOSPC", "no space left on device"],
  [34, "ERANGE", "numerical result out of range"],
  [75, "EOVERFLOW", "value too large"],
  [90, "EMSGSIZE", "message too long"],
  [92, "ENOPROTOOPT", "protocol not available"],
  [93, "EPROTONOSUPPORT", "protocol not supported"],
  [95, "EOPNOTSUPP", "operation not supported"],
  [97, "EAFNOSUPPORT", "address family not supported by protocol"],
  [98, "EADDRINUSE", "address already in use"],
  [99, "EADDRNOTAVAIL", "cannot assign requested address"],
  [100, "ENETDOWN", "network is down"],
  [101, "ENETUNREACH", "network is unreachable"],
  [105, "ENOBUFS", "no buffer space available"],
  [104, "ECONNRESET", "connection reset by peer"],
  [106, "EISCONN", "transport endpoint is connected already"],
  [110, "ETIMEDOUT", "connection timed out"],
  [111, "ECONNREFUSED", "connection refused"],
  [113, "EHOSTUNREACH", "no route to host"],
  [114, "EALREADY", "operation already in progress"],
  [115, "EINPROGRESS", "operation in progress"],
];

/** Error numbers that the program decides by. */
export const errno = {
  EINTR: 4,
  EAGAIN: 11,
  EEXIST: 17,
  ENODEV: 19,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENOBUFS: 105,
} as const;

/** Name and sentence of an error number. */
export function describeErrno(number: number): { readonly name: string; readonly text: string } {
  const known = errors.find(([value]) => value === number);
  return known === undefined
    ? { name: `E${number}`, text: `error ${number}` }
    : { name: known[1], text: known[2] };
}
