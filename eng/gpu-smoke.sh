#!/usr/bin/env bash
# The CUDA tests and the GPU benchmark on a machine that has an NVIDIA driver and a Python PyTorch, but neither .NET nor
# a package feed. See docs/gpu.md.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: eng/gpu-smoke.sh pack [FILE]
       eng/gpu-smoke.sh run [OPTIONS] [PLACE] [-- ARGS]

  pack   with the .NET SDK: puts tests, examples, benchmark and the .NET runtime into one file, data/gpu-smoke.tar.xz
         unless FILE says otherwise
  run    with PyTorch: proves that its libtorch fits, runs the CUDA tests, then the benchmark; PLACE is the packed file
         or the folder that it unpacks to

    --tests-only         no benchmark
    --bench-only         no tests
    --quick              the short benchmark
    --device cpu         tries the pack out without a GPU: ordinary tests and the benchmark of the CPU
    -- ARGS              the test runner's arguments, in place of those that choose the tests

  PYTHON=FILE            the Python whose PyTorch is used; python3
  LIBTORCH=FOLDER        a libtorch or a site-packages/torch to use instead
  LIBTORCHSHARP=FILE     a libLibTorchSharp.so built against that libtorch, in place of the packed one
  PROOF_SECONDS=N        how long the proof may take; 300
  OUT=FOLDER             where the results go; ./gpu-results
TEXT
}

fail() {
    echo "gpu-smoke.sh: $*" >&2
    exit 1
}

note() {
    echo "gpu-smoke.sh: $*"
}

wrong_use() {
    [ $# -eq 0 ] || echo "gpu-smoke.sh: $*" >&2
    usage >&2
    exit 2
}

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# ---- pack: a folder laid out as the repository is, with app/ for the programs

most_megabytes=45

pack() {
    local file=${1:-$home/data/gpu-smoke.tar.xz} stage folder program size
    [ "${file%.tar.xz}" != "$file" ] || fail "'$file' should end in .tar.xz."
    command -v dotnet > /dev/null || fail "pack needs the .NET SDK: https://dotnet.microsoft.com/download"
    mkdir -p "$(dirname "$file")"
    stage=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$stage'" EXIT
    folder=$stage/gpu-smoke

    # The tests bring the other programs along, and all share one runtime and the libraries.
    DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish "$home/VocSeg.Torch.Tests" -c Release -r linux-x64 --self-contained \
        -o "$folder/app" --artifacts-path "$stage/artifacts" -v quiet --nologo \
        -p:TorchBackend=folder -p:TorchSharpOlderCppRuntime=true
    # Without a list of its libraries a program does not start in the folder that it lies in.
    cp "$stage"/artifacts/bin/VocSeg.Torch.Tests/*/*.deps.json "$folder/app"
    for program in LibtorchProof VocSeg.Torch.Tests Throughput FcnTraining; do
        [ -x "$folder/app/$program" ] || fail "the tests did not bring $program along."
    done
    rm -rf "$folder"/app/*.pdb "$folder"/app/*.xml "$folder/app/Microsoft.CodeCoverage"
    take_turbojpeg "$folder/app"
    mkdir "$folder/benchmarks"
    cp "$home/benchmarks/peers.py" "$home/benchmarks/limits.c" "$folder/benchmarks"
    cp -r "$home/eng" "$folder"
    find "$folder/benchmarks" "$folder/eng" \( -name __pycache__ -o -name bin -o -name obj \) -prune -exec rm -r {} +
    compile_limits "$folder/benchmarks"
    take_licences "$folder/app/VocSeg.Torch.Tests.deps.json" "$folder/licences"
    {
        echo "commit=$(git -C "$home" describe --always --dirty 2> /dev/null || echo unknown)"
        sed -n 's/.*Include="TorchSharp" Version="\(.*\)".*/torchsharp=\1/p
            s/.*<LibtorchVersion>\(.*\)<.*/libtorch=\1/p' "$home/Directory.Packages.props"
    } > "$folder/pack.txt"

    tar -C "$stage" --owner=0 --group=0 -cf - gpu-smoke | xz -9 -T0 > "$file.part"
    mv "$file.part" "$file"
    size=$(wc -c < "$file")
    note "$file: $((size / 100000 / 10)).$((size / 100000 % 10)) MB packed"
    [ "$size" -le $((most_megabytes * 1000000)) ] || fail "that is more than $most_megabytes MB."
}

take_turbojpeg() {
    local path
    path=$( (ldconfig -p 2> /dev/null || true) | awk '/libturbojpeg\.so\.0.*x86-64/ { print $NF; exit }')
    if [ -n "$path" ]; then
        cp -L "$path" "$1/libturbojpeg.so.0"
    else
        note "no libturbojpeg here to take along (Debian: libturbojpeg0): JPEGs will decode slower"
    fi
}

# The benchmark takes the program where it lies beside its source, and compiles the source elsewhere.
compile_limits() {
    local -a libraries=(-l:libjpeg.a -l:libpng16.a -l:libz.a -lm)
    if ! cc -O3 -pthread -o "$1/limits" "$1/limits.c" "${libraries[@]}"; then
        note "no C compiler with static libjpeg and libpng here: limits will be measured only where these are"
    fi 2> /dev/null
}

# What others ask of whoever hands their programs on. See THIRD-PARTY-NOTICES.md.
take_licences() {
    local cache name from
    cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
    mkdir -p "$2"
    cp "$home/LICENSE" "$home/THIRD-PARTY-NOTICES.md" "$home"/eng/licences/* "$2"
    sed -n 's/^ *"\(runtimepack\.\)\{0,1\}\([^"/]*\/[0-9][^"]*\)": {$/\2/p' "$1" | sort -u | while read -r name; do
        from=$cache/${name,,}
        [ -d "$from" ] || continue
        mkdir -p "$2/${name/\//.}"
        find "$from" -maxdepth 1 -type f \( -iname '*licen[cs]e*' -o -iname '*notice*' -o -name '*.nuspec' \) \
            -exec cp {} "$2/${name/\//.}" \;
    done
    for name in libturbojpeg0 libpng16-16 zlib1g; do
        from=/usr/share/doc/$name/copyright
        [ ! -f "$from" ] || cp "$from" "$2/$name.txt"
    done
}

# ---- run

run() {
    local place="" device=cuda tests_too=yes bench=yes status=0 libraries
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
    if [ ${#tests[@]} -gt 0 ]; then
        [ "$tests_too" = yes ] || wrong_use "--bench-only runs no tests, so it takes no arguments for them."
    elif [ "$device" = cuda ]; then
        tests=(-trait needs=cuda)
    else
        tests=(-namespace VocSeg.Torch.Tests.Decoding -namespace VocSeg.Torch.Tests.Engine)
        tests+=(-namespace VocSeg.Torch.Tests.Transforms)
    fi

    find_pack "$place"
    find_torch
    results=${OUT:-$PWD/gpu-results}
    mkdir -p "$results"
    describe_machine | tee "$results/machine.txt"
    # The libraries are gigabytes, and the first program to load them would wait for a cold disk.
    cat "$libtorch"/lib/*.so* "$libtorch"/../nvidia/*/lib/*.so* > /dev/null 2>&1 &

    # Sockets for debuggers would stay behind in the temporary folder; TorchSharp would search a package cache.
    export LIBTORCH=$libtorch DOTNET_EnableDiagnostics=0 NUGET_PACKAGES=/nonexistent
    # A Python PyTorch may keep CUDA in packages of their own beside it, and parts of these look for each other by name.
    for libraries in "$libtorch"/../nvidia/*/lib; do
        [ ! -d "$libraries" ] || export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$libraries
    done
    choose_libtorchsharp
    prove

    if [ "$tests_too" = yes ]; then
        run_tests "${tests[@]}" || status=1
    fi
    if [ "$bench" = yes ]; then
        run_bench "$device" ${quick[@]+"${quick[@]}"} || status=1
    fi
    note "results are in $results"
    if [ "$tests_too" = yes ]; then
        echo "$summary"
        tests_ran "$summary" || fail "no test ran."
    fi
    return "$status"
}

# pack=FOLDER, unpacked where it came as a file.
find_pack() {
    local place=$1
    if [ -z "$place" ]; then
        place=$home
        [ -f "$place/pack.txt" ] || place=$home/data/gpu-smoke.tar.xz
    fi
    [ -e "$place" ] || fail "there is no '$place'. Make it by 'eng/gpu-smoke.sh pack' where the .NET SDK is."
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "a pack runs on x86-64 Linux alone, as TorchSharp does."
    if [ -f "$place" ]; then
        unpack "$place"
    else
        pack=$(cd "$place" && pwd)
    fi
    [ -f "$pack/pack.txt" ] || fail "'$pack' is no folder that 'eng/gpu-smoke.sh pack' made."
}

# Beside the file. Through Python where tar or xz are missing.
unpack() {
    local file=$1 into
    into=$(cd "$(dirname "$file")" && pwd)
    pack=$into/gpu-smoke
    [ ! -e "$pack" ] || [ -f "$pack/pack.txt" ] || fail "'$pack' is in the way: it is not from a pack."
    note "unpacking into $pack"
    rm -rf "$pack"
    tar -C "$into" --no-same-owner -xf "$file" gpu-smoke 2> /dev/null ||
        "${PYTHON:-python3}" -W ignore -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' \
            "$file" "$into" 2> /dev/null || {
        rm -rf "$pack"
        fail "'$file' cannot be unpacked: it is damaged, or both tar with xz and Python's lzma are missing."
    }
}

# libtorch=FOLDER. Python is asked where the package lies; importing it takes seconds.
find_torch() {
    local remedy="Set LIBTORCH to a libtorch folder or to a site-packages/torch,"
    remedy+=" or PYTHON to a Python that has PyTorch (pip install torch)."
    python=$(command -v "${PYTHON:-python3}" || true)
    libtorch=${LIBTORCH:-}
    if [ -z "$libtorch" ]; then
        [ -n "$python" ] || fail "there is no '${PYTHON:-python3}'. $remedy"
        libtorch=$("$python" -c 'import importlib.util as util
print(util.find_spec("torch").submodule_search_locations[0])' 2> /dev/null) || fail "$python has no PyTorch. $remedy"
    fi
    [ -e "$libtorch/lib/libtorch.so" ] || fail "'$libtorch' has no lib/libtorch.so. $remedy"
    libtorch=$(cd "$libtorch" && pwd)
    # The benchmark's peers run in it.
    [ -z "$python" ] || export PYTHON=$python
}

describe_machine() {
    local gpu=name,memory.total,driver_version
    sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2> /dev/null || true
    echo "$(nproc) cores, pack of commit $(packed commit)"
    if nvidia-smi --query-gpu=$gpu --format=csv,noheader 2> /dev/null; then
        nvidia-smi | sed -n 's/.*\(CUDA Version: [0-9.]*\).*/driver: \1/p'
    else
        echo "no NVIDIA driver (nvidia-smi finds none): what needs CUDA is skipped"
    fi
    echo "libtorch $(torch_version) in $libtorch"
    awk '/^MemTotal:/ { total = $2 } /^MemAvailable:/ { free = $2 }
        END { printf "memory: %.1f GiB free of %.1f GiB\n", free / 1048576, total / 1048576 }' /proc/meminfo
    # Python's DataLoader workers hand their batches over there: the benchmark's peers need some GB of it.
    df -h /dev/shm || echo "there is no /dev/shm"
}

packed() {
    sed -n "s/^$1=//p" "$pack/pack.txt"
}

torch_version() {
    {
        sed -n "s/^__version__.*= *'\(.*\)'.*/\1/p" "$libtorch/version.py" ||
            cat "$libtorch/build-version" || echo "of unknown version"
    } 2> /dev/null
}

# The packed one stays beside it, for a run with another libtorch.
choose_libtorchsharp() {
    local used=$pack/app/libLibTorchSharp.so
    [ -e "$used.packed" ] || cp "$used" "$used.packed"
    [ -f "${LIBTORCHSHARP:-$used.packed}" ] || fail "LIBTORCHSHARP: there is no file '$LIBTORCHSHARP'."
    cp "${LIBTORCHSHARP:-$used.packed}" "$used"
}

# C++ libraries of other versions may load and give wrong results without a word, crash, or hang.
prove() {
    local log=$results/proof.txt began=$SECONDS status=0 how
    timeout -k 5 "${PROOF_SECONDS:-300}" "$pack/app/LibtorchProof" > "$log" 2>&1 || status=$?
    if [ "$status" = 0 ] && [[ "$(tail -n 1 "$log")" == *"known results are right" ]]; then
        note "$(tail -n 1 "$log"): this libtorch fits ($((SECONDS - began)) s)"
        return
    fi
    case $status in
        124 | 137) how="did not end within ${PROOF_SECONDS:-300} s" ;;
        13?) how="crashed" ;;
        *) how="ended with status $status" ;;
    esac
    grep -v '^right' "$log" | tail -n 12 >&2 || true
    fail "libtorch $(torch_version) in $libtorch does not fit TorchSharp $(packed torchsharp), which is built for" \
        "libtorch $(packed libtorch): the proof $how; its output is in $log." \
        "Take a PyTorch $(packed libtorch) (PYTHON=FILE or LIBTORCH=FOLDER), or set LIBTORCHSHARP=FILE to a" \
        "libLibTorchSharp.so of your own that is built from TorchSharp $(packed torchsharp) against this PyTorch."
}

# summary="N passed, N failed, N skipped".
run_tests() {
    local log=$results/tests.txt began=$SECONDS status=0
    # shellcheck source=eng/test-summary.sh
    . "$pack/eng/test-summary.sh"
    "$pack/app/VocSeg.Torch.Tests" -noLogo -noColor "$@" 2>&1 | tee "$log" || status=$?
    summary=$(test_summary "$log") || fail "the test run ended without a summary (exit status $status)."
    note "tests took $((SECONDS - began)) s"
    return "$status"
}

run_bench() {
    local device=$1
    shift
    note "benchmark, device $device"
    local -a benchmark=(--device cuda --out "$results/RESULTS.gpu.md")
    [ "$device" = cuda ] || benchmark=(--out "$results/RESULTS.cpu.md")
    # The status is the benchmark's, not tee's: pipefail.
    "$pack/app/Throughput" "${benchmark[@]}" "$@" 2>&1 | tee "$results/bench.txt"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
    pack) pack "$@" ;;
    run) run "$@" ;;
    -h | --help | help) usage ;;
    *) wrong_use ;;
esac
