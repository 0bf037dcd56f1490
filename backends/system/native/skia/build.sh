#!/bin/sh
# Compiles the codec into OUTPUT. It needs the headers of libjpeg-turbo and libpng; where it runs, libraries that lie beside it come first.
# usage: build.sh OUTPUT
set -eu
here=$(dirname "$0")
mkdir -p "$(dirname "$1")"
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Wno-clobbered -Werror ${CFLAGS:-} -fPIC -fvisibility=hidden -shared \
    -Wl,-z,defs -Wl,--disable-new-dtags,-rpath,'$ORIGIN' -o "$1.$$" "$here"/*.c -ljpeg -lpng
# In one step: another build may be copying the file.
mv "$1.$$" "$1"
