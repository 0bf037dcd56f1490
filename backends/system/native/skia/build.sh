#!/bin/sh
# Compiles the codec into OUTPUT. It needs the headers of libjpeg-turbo and libpng.
# usage: build.sh OUTPUT
set -eu
here=$(dirname "$0")
mkdir -p "$(dirname "$1")"
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Wno-clobbered -Werror ${CFLAGS:-} -fPIC -fvisibility=hidden -shared \
    -Wl,-z,defs -o "$1.$$" "$here"/*.c -ljpeg -lpng
# In one step: another build may be copying the file.
mv "$1.$$" "$1"
