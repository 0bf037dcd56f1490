#!/usr/bin/env bash
# The CUDA tests and the GPU benchmark on a machine that has an NVIDIA driver and a Python PyTorch, but neither .NET nor a
# package feed. See docs/gpu.md.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: eng/gpu-smoke.sh pack [FILE]
       eng/gpu-smoke.sh run [OPTIONS] [PLACE] [-- ARGS]

  pack   with the .NET SDK: puts tests, examples, benchmark and the .NET runtime into one file, data/gpu-smoke.tar.xz
         unless FILE says otherwise (a .tar.gz is larger and opens anywhere)
  run    with PyTorch and g++: builds the bridge to that PyTorch, runs the CUDA tests, then the benchmark; PLACE is the
         packed file or the folder that it unpacks to

    --tests-only       no benchmark
    --bench-only       no tests
    --quick            the short benchmark
    --device cpu       tries the pack out without a GPU: ordinary tests and the benchmark of the CPU
    -- ARGS            the test runner's arguments, in place of those that choose the tests

  PYTHON=FILE          the Python whose PyTorch is used; python3
  LIBTORCH=FOLDER      a libtorch or a site-packages/torch to use instead
  OUT=FOLDER           where the results go; ./gpu-results
TEXT
}

fail() {
    echo "gpu-smoke.sh: $*" >&2
    exit 1
}

note() {
    echo "gpu-smoke.sh: $*"
}

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
architecture=$(uname -m)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# ---- pack: everything that the other machine lacks, in a folder laid out as the repository is

most_megabytes=60

pack() {
    local file=${1:-$home/data/gpu-smoke.tar.xz} stage folder size
    case $file in
        *.tar.xz | *.tar.gz) ;;
        *) fail "'$file' should end in .tar.xz or .tar.gz." ;;
    esac
    command -v dotnet > /dev/null || fail "pack needs the .NET SDK: https://dotnet.microsoft.com/download"
    mkdir -p "$(dirname "$file")"
    stage=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$stage'" EXIT
    folder=$stage/gpu-smoke

    build_programs "$folder/app"
    bundle_libraries "$folder/app"
    copy_runtime "$folder/dotnet"
    copy_sources "$folder"
    compile_limits "$folder/benchmarks/limits"
    printf 'architecture=%s\ncommit=%s\n' "$architecture" "$(git -C "$home" describe --always --dirty 2> /dev/null || echo unknown)" > "$folder/pack.txt"

    (cd "$folder" && du -sk app dotnet | awk '{ printf "  %-8s %5.1f MB\n", $2, $1 * 1.024 / 1000 }')
    if [ "${file%.xz}" != "$file" ]; then
        tar -C "$stage" --owner=0 --group=0 -cf - gpu-smoke | xz -6 -T0 > "$file.part"
    else
        tar -C "$stage" --owner=0 --group=0 -cf - gpu-smoke | gzip -9 > "$file.part"
    fi
    mv "$file.part" "$file"
    size=$(wc -c < "$file")
    note "$file: $((size / 100000 / 10)).$((size / 100000 % 10)) MB packed"
    [ "$size" -le $((most_megabytes * 1000000)) ] || fail "that is more than $most_megabytes MB."
}

# Into one folder: they share their libraries, native ones too.
build_programs() {
    local project program
    # The tests bring the examples along. Built, not published: the test packages publish their tools for every platform.
    for project in VocSeg.Torch.Tests benchmarks/Throughput; do
        note "building $project"
        dotnet build "$home/$project" -c Release -o "$1" -v quiet --nologo -p:TorchBackend=system -p:BuildsBridge=false
    done
    rm -f "$1"/*.pdb "$1"/VocSeg.Torch*.xml
    for program in "$1"/*.runtimeconfig.json; do
        # dotnet runs their .dll.
        rm -f "${program%.runtimeconfig.json}" "${program%.runtimeconfig.json}.xml"
    done
}

# libjpeg, libpng and what they need, found there by the codec's own rpath; libturbojpeg, which VocSeg.Torch loads by name.
bundle_libraries() {
    local name path
    while read -r name path; do
        cp -L "$path" "$1/$name"
    done < <(ldd "$1/libskia_codec.so" | awk '$2 == "=>" && $3 ~ /^\// && $1 !~ /^(libc|libm|libdl|librt|libpthread)\.so/ { print $1, $3 }')
    path=$( (ldconfig -p 2> /dev/null || true) | awk '/libturbojpeg\.so\.0/ { print $NF; exit }')
    if [ -n "$path" ]; then
        cp -L "$path" "$1/libturbojpeg.so.0"
    else
        note "no libturbojpeg here to take along (Debian: libturbojpeg0): JPEGs will decode slower"
    fi
}

# The runtime and no SDK. The tests of the download serve it from ASP.NET Core.
copy_runtime() {
    local name version path framework
    mkdir -p "$1/host/fxr" "$1/shared"
    while read -r name version path; do
        [ "${version%%.*}" = 10 ] || continue
        framework=${path#[}
        framework=${framework%]}
        case $name in
            Microsoft.NETCore.App)
                cp "$framework/../../dotnet" "$framework/../../LICENSE.txt" "$framework/../../ThirdPartyNotices.txt" "$1"
                rm -rf "$1"/host/fxr/* "$1"/shared/Microsoft.NETCore.App
                cp -r "$framework/../../host/fxr/$version" "$1/host/fxr"
                ;;
            Microsoft.AspNetCore.App) rm -rf "$1"/shared/Microsoft.AspNetCore.App ;;
            *) continue ;;
        esac
        mkdir -p "$1/shared/$name"
        cp -r "$framework/$version" "$1/shared/$name"
    done < <(dotnet --list-runtimes)
    [ -d "$1/shared/Microsoft.NETCore.App" ] || fail "the .NET SDK here has no .NET 10 runtime."
    find "$1" -name '*.xml' -delete
}

copy_sources() {
    local path
    for path in eng backends/system/native/torch benchmarks/peers benchmarks/limits; do
        mkdir -p "$1/$(dirname "$path")"
        cp -r "$home/$path" "$1/$path"
    done
    find "$1/benchmarks" -name __pycache__ -prune -exec rm -r {} +
}

# The benchmark takes them where they lie beside their sources, and compiles the sources elsewhere.
compile_limits() {
    cc -O3 -o "$1/bandwidth" "$1/bandwidth.c" -pthread
    cc -O3 -o "$1/decode_only" "$1/decode_only.c" -pthread -l:libjpeg.a -l:libpng16.a -l:libz.a -lm 2> /dev/null \
        || note "no static libjpeg and libpng here: the decode limit will be measured only where their headers are"
}

# ---- run

run() {
    local place="" device=cuda tests_too=yes bench=yes
    local -a quick=() tests=()
    while [ $# -gt 0 ]; do
        case $1 in
            --tests-only) bench=no ;;
            --bench-only) tests_too=no ;;
            --quick) quick=(--quick) ;;
            --device)
                device=${2:-}
                case $device in cuda | cpu) shift ;; *) wrong_use ;; esac
                ;;
            --)
                shift
                tests=("$@")
                break
                ;;
            -*) wrong_use ;;
            *)
                [ -z "$place" ] || wrong_use
                place=$1
                ;;
        esac
        shift
    done
    [ "$tests_too$bench" != nono ] || wrong_use "--tests-only and --bench-only together leave nothing to run."
    [ "$tests_too" = yes ] || [ ${#tests[@]} -eq 0 ] || wrong_use "--bench-only runs no tests, so it takes no arguments for them."
    if [ ${#tests[@]} -eq 0 ]; then
        tests=(-trait needs=cuda)
        [ "$device" = cuda ] || tests=(-namespace 'VocSeg.Torch.Tests.Decoding' -namespace 'VocSeg.Torch.Tests.Engine' -namespace 'VocSeg.Torch.Tests.Transforms')
    fi

    find_pack "$place"
    find_torch
    results=${OUT:-$PWD/gpu-results}
    mkdir -p "$results"
    describe_machine | tee "$results/machine.txt"
    read_ahead
    build_bridge

    # Tests and benchmark start further programs with the dotnet of the PATH. Sockets for debuggers would stay behind in the temporary folder.
    export DOTNET_ROOT=$pack/dotnet PATH=$pack/dotnet:$PATH DOTNET_EnableDiagnostics=0
    # A Python PyTorch may keep CUDA in packages of their own beside it, and parts of these look for each other by name alone.
    local libraries
    for libraries in "$libtorch"/../nvidia/*/lib; do
        [ ! -d "$libraries" ] || export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$libraries
    done

    local status=0
    if [ "$tests_too" = yes ]; then
        run_tests "${tests[@]}" || status=1
    fi
    if [ "$bench" = yes ]; then
        run_bench "$device" "${quick[@]}" || status=1
    fi
    note "results are in $results"
    if [ "$tests_too" = yes ]; then
        echo "$summary"
        tests_ran "$summary" || fail "no test ran."
    fi
    return "$status"
}

wrong_use() {
    [ $# -eq 0 ] || echo "gpu-smoke.sh: $*" >&2
    usage >&2
    exit 2
}

# pack=FOLDER, unpacked where it came as a file.
find_pack() {
    local place=$1 made_for
    if [ -z "$place" ]; then
        place=$home
        [ -f "$place/pack.txt" ] || place=$home/data/gpu-smoke.tar.xz
    fi
    [ -e "$place" ] || fail "there is no '$place'. Make it on a machine with the .NET SDK by 'eng/gpu-smoke.sh pack', and copy it here."
    if [ -f "$place" ]; then
        unpack "$place"
    else
        pack=$(cd "$place" && pwd)
    fi
    [ -f "$pack/pack.txt" ] || fail "'$pack' is no folder that 'eng/gpu-smoke.sh pack' made."
    made_for=$(sed -n 's/^architecture=//p' "$pack/pack.txt")
    [ "$made_for" = "$architecture" ] || fail "the pack is for $made_for and this machine is $architecture: make it on a machine of this kind."
}

# Beside the file. Through Python where tar or xz are missing.
unpack() {
    local file=$1 into half
    into=$(cd "$(dirname "$file")" && pwd)
    pack=$into/gpu-smoke
    [ ! -e "$pack" ] || [ -f "$pack/pack.txt" ] || fail "'$pack' is in the way: it is not from a pack."
    note "unpacking into $pack"
    half=$(mktemp -d "$into/gpu-smoke.XXXXXX")
    if ! tar -C "$half" --no-same-owner -xf "$file" 2> /dev/null && ! "${PYTHON:-python3}" -W ignore -c \
        'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$file" "$half" 2> /dev/null; then
        rm -rf "$half"
        fail "'$file' cannot be unpacked: it is damaged, or both tar with xz and Python's lzma are missing ('pack FILE.tar.gz' needs neither)."
    fi
    if [ ! -f "$half/gpu-smoke/pack.txt" ]; then
        rm -rf "$half"
        fail "'$file' holds no pack of 'eng/gpu-smoke.sh pack'."
    fi
    rm -rf "$pack"
    mv "$half/gpu-smoke" "$pack"
    rmdir "$half"
}

# libtorch=FOLDER with include and lib. Python is asked where the package lies; importing it takes seconds.
find_torch() {
    local remedy="Set LIBTORCH to a libtorch folder or to a site-packages/torch, or PYTHON to a Python that has PyTorch (pip install torch)."
    python=$(command -v "${PYTHON:-python3}" || true)
    libtorch=${LIBTORCH:-}
    if [ -z "$libtorch" ]; then
        [ -n "$python" ] || fail "there is no '${PYTHON:-python3}'. $remedy"
        libtorch=$("$python" -c 'import importlib.util; print(importlib.util.find_spec("torch").submodule_search_locations[0])' 2> /dev/null) \
            || fail "$python has no PyTorch. $remedy"
    fi
    if [ ! -e "$libtorch/include/ATen/ATen.h" ] || [ ! -e "$libtorch/lib/libtorch_cpu.so" ]; then
        fail "'$libtorch' lacks PyTorch's headers or libraries (include/ATen, lib); a distribution may pack them apart (Debian: libtorch-dev). $remedy"
    fi
    libtorch=$(cd "$libtorch" && pwd)
    command -v "${CXX:-g++}" > /dev/null || fail "there is no C++ compiler '${CXX:-g++}'. Install g++, load the cluster's compiler module, or name a compiler in CXX."
    if [ -n "$python" ]; then
        # The benchmark's peers run in it.
        export PYTHON=$python
    fi
}

describe_machine() {
    echo "$(grep -m1 '^PRETTY_NAME=' /etc/os-release 2> /dev/null | cut -d'"' -f2), $architecture, $(nproc) cores, pack of commit $(sed -n 's/^commit=//p' "$pack/pack.txt")"
    if command -v nvidia-smi > /dev/null && nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader; then
        nvidia-smi | sed -n 's/.*\(CUDA Version: [0-9.]*\).*/driver: \1/p'
    else
        echo "no NVIDIA driver (nvidia-smi finds none): what needs CUDA is skipped"
    fi
    echo "torch $(torch_version) in $libtorch"
    awk '/^MemTotal:/ { total = $2 } /^MemAvailable:/ { free = $2 } END { printf "memory: %.1f GiB free of %.1f GiB\n", free / 1048576, total / 1048576 }' /proc/meminfo
    # Python's DataLoader workers hand their batches over there: the benchmark's peers need some GB of it.
    df -h /dev/shm || echo "there is no /dev/shm"
}

torch_version() {
    if [ -f "$libtorch/version.py" ]; then
        "${python:-python3}" -c 'import runpy, sys; v = runpy.run_path(sys.argv[1]); print(v["__version__"], "with CUDA " + v["cuda"] if v.get("cuda") else "without CUDA")' "$libtorch/version.py"
    else
        cat "$libtorch/build-version" 2> /dev/null || echo "of unknown version"
    fi
}

# The libraries are gigabytes, and the first program to load them would wait for a cold disk; the compiler leaves that idle.
read_ahead() {
    cat "$libtorch"/lib/*.so* "$libtorch"/../nvidia/*/lib/*.so* > /dev/null 2>&1 &
}

# Not again where it was built from the same sources against the same torch.
build_bridge() {
    local began=$SECONDS built=$pack/app/libtorch_bridge.built made_from
    made_from="$libtorch $(torch_version) $(stat -c '%s %Y' "$libtorch/lib/libtorch_cpu.so") $(cat "$pack/backends/system/native/torch"/* | cksum)"
    if [ -f "$pack/app/libtorch_bridge.so" ] && [ "$(cat "$built" 2> /dev/null)" = "$made_from" ]; then
        note "the bridge to this torch is there already"
        return
    fi
    rm -f "$built"
    bash "$pack/backends/system/native/torch/build.sh" "$pack/app/libtorch_bridge.so" "$libtorch" > "$results/bridge.log" 2>&1 || {
        tail -20 "$results/bridge.log" >&2
        fail "the bridge does not compile against $libtorch; $results/bridge.log has the compiler's messages."
    }
    echo "$made_from" > "$built"
    note "bridge built in $((SECONDS - began)) s"
}

# summary="N passed, N failed, N skipped".
run_tests() {
    local log=$results/tests.txt began=$SECONDS status=0
    . "$pack/eng/test-summary.sh"
    "$pack/dotnet/dotnet" "$pack/app/VocSeg.Torch.Tests.dll" -noLogo -noColor "$@" 2>&1 | tee "$log" || status=$?
    summary=$(test_summary "$log") || fail "the test run ended without a summary (exit status $status)."
    note "tests took $((SECONDS - began)) s"
    return "$status"
}

run_bench() {
    local device=$1
    shift
    note "benchmark, device $device"
    local -a benchmark=(--device cuda --results "$results/RESULTS.gpu.md")
    [ "$device" = cuda ] || benchmark=(--out "$results/RESULTS.cpu.md")
    # The status is the benchmark's, not tee's: pipefail.
    "$pack/dotnet/dotnet" "$pack/app/Throughput.dll" "${benchmark[@]}" "$@" 2>&1 | tee "$results/bench.txt"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
    pack) pack "$@" ;;
    run) run "$@" ;;
    -h | --help | help) usage ;;
    *) wrong_use ;;
esac
