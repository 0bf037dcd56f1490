#!/usr/bin/env bash
# Compiles libtorch_bridge.so: build.sh OUTPUT [LIBTORCH]
# LIBTORCH (argument or environment) is a libtorch folder or a Python's site-packages/torch; without it the
# operating system's libtorch is used.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
output="$1"
root="${2:-${LIBTORCH:-}}"

remedy="Install libtorch and a C++ compiler (Debian, Ubuntu: apt install libtorch-dev g++), or set LIBTORCH to a libtorch folder or to Python's site-packages/torch."

if [[ -n "$root" ]]; then
  # The library looks for libtorch there whatever folder it is used from.
  root="$(cd "$root" 2>/dev/null && pwd || echo "$root")"
  include="$root/include"
  lib="$root/lib"
else
  include=/usr/include
  lib="$(dirname "$(ldconfig -p 2>/dev/null | awk '/libc10\.so/ { print $NF; exit }')")"
  for candidate in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib; do
    if [[ ! -e "$lib/libc10.so" && -e "$candidate/libc10.so" ]]; then lib="$candidate"; fi
  done
fi
if [[ ! -e "$include/ATen/ATen.h" || ! -e "$lib/libc10.so" ]]; then
  echo "error: no libtorch in '${root:-the system folders}'. $remedy" >&2
  exit 1
fi
compiler="${CXX:-g++}"
if ! command -v "$compiler" >/dev/null; then
  echo "error: no C++ compiler '$compiler'. $remedy" >&2
  exit 1
fi

# The preprocessor knows where this libtorch keeps its version; 2.x needs C++17, and the newest C++20.
includes=(-I"$include" -I"$include/torch/csrc/api/include")
macros="$("$compiler" -std=c++17 -dM -E -x c++ "${includes[@]}" - <<< '#include <torch/version.h>')"
version_of() { sed -n "s/^#define TORCH_VERSION_$1 \([0-9]*\).*/\1/p" <<< "$macros"; }
major="$(version_of MAJOR)"
minor="$(version_of MINOR)"
standard=c++17
if (( major > 2 || (major == 2 && minor >= 9) )); then standard=c++20; fi

# A libc10 of the old string ABI exports no function with a std::__cxx11 string.
abi=1
if command -v nm >/dev/null && [[ "$(nm -D --defined-only "$lib/libc10.so")" != *__cxx11* ]]; then abi=0; fi

link=(-L"$lib" -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10)
if [[ -e "$lib/libtorch_cuda.so" ]]; then link+=(-ltorch_cuda -lc10_cuda); fi
if [[ -n "$root" ]]; then link+=(-Wl,--disable-new-dtags -Wl,-rpath,"$lib"); fi

# Beside Python's PyTorch lie CUDA's libraries. Two of them others open by bare name, from wherever these are;
# Python loads them first for that, and so does the bridge. An RPATH, unlike a RUNPATH, serves those others too.
for cuda in "$root"/../nvidia/*/lib; do
  if [[ -z "$root" || ! -e "$lib/libtorch_cuda.so" || ! -d "$cuda" ]]; then continue; fi
  cuda="$(cd "$cuda" && pwd)"
  link+=(-Wl,-rpath,"$cuda")
  for early in "$cuda"/libnvrtc.so.* "$cuda"/libnvJitLink.so.*; do
    if [[ -e "$early" ]]; then link+=("$early"); fi
  done
done

mkdir -p "$(dirname "$output")"
"$compiler" -std="$standard" -O1 -fPIC -shared -fvisibility=hidden -w \
  -D_GLIBCXX_USE_CXX11_ABI="$abi" \
  "${includes[@]}" "$here/bridge.cpp" -o "$output" "${link[@]}"
