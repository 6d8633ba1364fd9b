#!/bin/sh
# Installs standin: one executable, checked against its SHA256SUMS. To be read before it is run:
#   curl -fsSL https://github.com/standin-ha/standin/releases/latest/download/install.sh | sh
# It works in dash and in busybox's ash, needs curl or wget, and changes nothing but PREFIX. The
# download lies beside its final place until it is complete, checked and has started once; then it
# takes that place in one step. STANDIN_DOWNLOAD may name another address or a local folder.
set -eu

project=https://github.com/standin-ha/standin
needed_kb=120000
temporary=

usage() {
  cat <<EOF
Installs standin: shared addresses and services for routers and edge boxes.

usage: install.sh [options]
  --prefix DIR     put the executable there (default: /usr/local/bin, on OpenWrt /usr/bin)
  --version V      install this version instead of the latest, such as 1.2.3
  --service        also make it a service of this box (standin install)
  --uninstall      remove the executable and its service
  --help           show this text

environment:
  PREFIX             as --prefix
  STANDIN_DOWNLOAD   where the files are: an address or a local folder
EOF
}

say() {
  printf '%s\n' "$*"
}

die() {
  printf 'install.sh: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

clean_up() {
  [ -z "$temporary" ] || rm -rf "$temporary"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# Which executable fits: the processor, then the C library, then how old the processor is.

find_target() {
  system=$(uname -s)
  [ "$system" = Linux ] || die "standin runs on Linux, and this is $system"
  machine=$(uname -m)
  case "$machine" in
    x86_64 | amd64) target=x64 ;;
    aarch64 | arm64) target=arm64 ;;
    armv* | arm) die "there is no standin for 32-bit ARM ($machine): its runtime needs 64 bits" \
      "a 64-bit system may run on this board: its name is arm64 or aarch64" ;;
    mips*) die "there is no standin for MIPS ($machine): its runtime exists for x64 and arm64" ;;
    *) die "there is no standin for $machine: its runtime exists for x64 and arm64" ;;
  esac
  if is_musl; then
    target=$target-musl
    require_libraries
  elif [ "$target" = x64 ] && ! grep -qw avx2 /proc/cpuinfo; then
    target=x64-baseline
  fi
}

is_musl() {
  case "$(ldd --version 2>&1 || true)" in
    *musl*) return 0 ;;
    *GNU* | *GLIBC* | *glibc*) return 1 ;;
  esac
  [ ! -e /etc/openwrt_release ] && [ ! -e /etc/alpine-release ] || return 0
  [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ] || return 1
  ls /lib/ld-musl-* >/dev/null 2>&1
}

# musl's own world has no C++ library in it; the executable needs one.
require_libraries() {
  missing=
  for library in libstdc++.so.6 libgcc_s.so.1; do
    [ -e "/usr/lib/$library" ] || [ -e "/lib/$library" ] || missing="$missing $library"
  done
  [ -n "$missing" ] || return 0
  if [ -e /etc/openwrt_release ]; then
    if has apk; then packages='apk add libstdcpp libgcc'
    else packages='opkg update && opkg install libstdcpp libgcc'; fi
  else
    packages='apk add libstdc++ libgcc'
  fi
  die "standin needs$missing, which this box does not have" \
    "install it and run this again: $packages"
}

# Getting files: from a folder, or with what the box has.

fetch() {
  case "$download" in
    file://*) fetch_local "${download#file://}/$1" "$2" ;;
    *://*) fetch_remote "$download/$1" "$2" ;;
    *) fetch_local "$download/$1" "$2" ;;
  esac
}

fetch_local() {
  [ -r "$1" ] || die "there is no $1" "does this release have an executable for $target?"
  cp "$1" "$2" || die "cannot copy $1 to $2" "is there enough room?"
}

fetch_remote() {
  if has curl; then
    if [ -t 2 ]; then progress=--progress-bar; else progress=--silent; fi
    curl -fL --show-error "$progress" -o "$2" "$1" || fetch_failed "$1"
  elif has wget; then
    if [ -t 2 ]; then progress=; else progress=-q; fi
    # shellcheck disable=SC2086 # no word at all when empty
    wget $progress -O "$2" "$1" || fetch_failed "$1"
  else
    die "needs curl or wget to download, and finds neither" \
      "or download by other means, and set STANDIN_DOWNLOAD to the folder with the files"
  fi
}

fetch_failed() {
  die "cannot download $1" \
    "is the network up, does the version exist, and has the box certificates (ca-certificates)?"
}

find_summer() {
  if has sha256sum; then summer=sha256sum
  elif has busybox; then summer='busybox sha256sum'
  elif has openssl; then summer='openssl dgst -r -sha256'
  else die "needs sha256sum to check the download, and does not find it"; fi
}

check_sum() {
  wanted=$(awk -v name="$2" '$2 == name || $2 == "*" name { print $1; exit }' "$3")
  [ -n "$wanted" ] || die "SHA256SUMS does not list $2" "nothing was installed"
  found=$($summer "$1" | cut -d ' ' -f 1)
  [ "$wanted" = "$found" ] || die "the download of $2 is not what SHA256SUMS lists" \
    "wanted $wanted" "found  $found" "nothing was installed"
}

# Putting it in place.

require_room() {
  if ! mkdir -p "$prefix" 2>/dev/null || [ ! -w "$prefix" ]; then
    die "cannot write to $prefix" \
      "run it as root (curl … | sudo sh), or choose a folder: --prefix \"\$HOME/.local/bin\""
  fi
  prefix=$(cd "$prefix" && pwd)
  free_kb=$(df -Pk "$prefix" | awk 'NR == 2 { print $4 }')
  [ "${free_kb:-$needed_kb}" -ge "$needed_kb" ] || die "not enough room in $prefix" \
    "$((free_kb / 1000)) MB are free, about $((needed_kb / 1000)) MB are needed"
}

install_executable() {
  name=standin-linux-$target
  find_summer
  require_room
  temporary=$(mktemp -d "$prefix/.standin.XXXXXX") || die "cannot write to $prefix"
  say "Downloading $name from $download"
  fetch SHA256SUMS "$temporary/SHA256SUMS"
  fetch "$name" "$temporary/standin"
  check_sum "$temporary/standin" "$name" "$temporary/SHA256SUMS"
  say "Checked: it is what SHA256SUMS lists"
  chmod 755 "$temporary/standin"
  banner=$("$temporary/standin" --version </dev/null 2>&1) || die \
    "the executable does not start here" "$banner" "nothing was installed"
  mv -f "$temporary/standin" "$prefix/standin" || die "cannot write to $prefix/standin"
  say "Installed $prefix/standin: $banner"
}

uninstall() {
  if [ ! -e "$prefix/standin" ]; then
    die "there is no $prefix/standin" "where is it? name its folder with --prefix"
  fi
  "$prefix/standin" uninstall || die "the service is still there" "nothing was removed"
  rm -f "$prefix/standin" || die "cannot remove $prefix/standin"
  say "Removed $prefix/standin"
}

wants_service() {
  [ "$service" = ask ] || return 0
  [ -t 0 ] && [ -t 1 ] || return 1
  printf 'Make it a service of this box, too? [y/N] '
  read -r answer || return 1
  case "$answer" in
    [yY]*) return 0 ;;
    *) return 1 ;;
  esac
}

next_steps() {
  command=standin
  [ "$(command -v standin || true)" = "$prefix/standin" ] || command=$prefix/standin
  if wants_service; then
    "$prefix/standin" install
    return
  fi
  say ""
  say "Next:"
  say "  $command demo       see a failover on a virtual network"
  say "  $command install    make it a service of this box"
  say "  $command --help     everything else"
}

take() {
  value=${2:-}
  [ -n "$value" ] || die "$1 needs a value" "see install.sh --help"
}

main() {
  prefix=${PREFIX:-}
  version=
  service=ask
  action=install
  while [ $# -gt 0 ]; do
    case "$1" in
      --prefix) take "$@"; prefix=$value; shift ;;
      --prefix=*) prefix=${1#*=} ;;
      --version) take "$@"; version=$value; shift ;;
      --version=*) version=${1#*=} ;;
      --service) service=yes ;;
      --uninstall) action=uninstall ;;
      --help | -h) usage; exit 0 ;;
      *) die "unknown option $1" "see install.sh --help" ;;
    esac
    shift
  done
  if [ -z "$prefix" ]; then
    prefix=/usr/local/bin
    [ ! -e /etc/openwrt_release ] || prefix=/usr/bin
  fi
  trap clean_up EXIT
  trap 'exit 1' HUP INT TERM
  if [ "$action" = uninstall ]; then
    uninstall
    return
  fi
  download=$project/releases/latest/download
  [ -z "$version" ] || download=$project/releases/download/v${version#v}
  download=${STANDIN_DOWNLOAD:-$download}
  find_target
  install_executable
  next_steps
}

# Nothing runs before the whole script has arrived.
main "$@"
