#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: installed.sh TREE WORK static|shared
# Installs what was built in TREE, moves the installed files elsewhere, and builds and runs a consumer
# by find_package and one by pkg-config. Where the tool was built, it runs too.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
tree=$1 work=$2 kind=$3
consumer=$(dirname "$(realpath "$0")")/consumer
prefix="$work/moved"

rm -rf "$work"
mkdir -p "$work"
quietly "$CMAKE" --install "$tree" --prefix "$work/staged"
mv "$work/staged" "$prefix"
pc=$(find "$prefix" -name storemark.pc)
libdir=$(realpath "$(dirname "$pc")/..")

echo "find_package, $kind"
quietly "$CMAKE" -S "$consumer" -B "$work/by_cmake" -G Ninja -DCMAKE_PREFIX_PATH="$prefix"
quietly "$CMAKE" --build "$work/by_cmake"
expect_runs "$work/by_cmake/consumer"

echo "pkg-config, $kind"
export PKG_CONFIG_PATH="$libdir/pkgconfig"
read -r -a flags <<<"$(pkg-config --cflags --libs storemark)"
quietly "$CXX" -std=c++20 "$consumer/consumer.cpp" "${flags[@]}" -Wl,-rpath,"$libdir" \
  -o "$work/by_pkg_config"
expect_runs "$work/by_pkg_config"

component=$(find "$prefix" -name storemark-corosync.pc)
if [[ -n $component ]]; then
  echo "the component corosync, $kind"
  quietly "$CMAKE" -S "$consumer" -B "$work/by_cmake" -DCONSUMER_COMPONENTS=corosync
  quietly "$CMAKE" --build "$work/by_cmake"
  "$work/by_cmake/corosync_consumer"
  read -r -a flags <<<"$(pkg-config --cflags --libs storemark-corosync)"
  quietly "$CXX" -std=c++20 "$consumer/corosync_consumer.cpp" "${flags[@]}" -Wl,-rpath,"$libdir" \
    -o "$work/corosync_by_pkg_config"
  "$work/corosync_by_pkg_config"
elif quietly "$CMAKE" -S "$consumer" -B "$work/lacks" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCONSUMER_COMPONENTS=corosync 2>/dev/null; then
  echo "a component was found that the package lacks" >&2
  exit 1
fi

echo "what is linked, $kind"
abi=$(pkg-config --modversion storemark | cut -d . -f 1,2)
linked=$(ldd "$work/by_cmake/consumer" | sed -n 's/^.*\(libstoremark[^ ]*\) => \([^ ]*\) .*$/\1 \2/p')
case $kind in
  static) expected="" ;;
  shared) expected="libstoremark.so.$abi $libdir/libstoremark.so.$abi" ;;
esac
[[ $linked == "$expected" ]] || { echo "linked: $linked; expected: $expected" >&2; exit 1; }

if [[ -e $prefix/bin/storemark ]]; then
  echo "the tool, $kind"
  "$prefix/bin/storemark" --version
fi
