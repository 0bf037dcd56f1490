#!/usr/bin/env bash
# Sets up and runs everything: ./build.sh demo | test | bench | setup. See README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
    cat <<'TEXT'
usage: ./build.sh VERB [OPTIONS]

  setup            find the backend and install or name what it needs
  demo [OPTIONS]   load batches from a generated data set and train on it, or load from --root DIR (LoadBatches' options)
  test [OPTIONS]   build everything and run the tests (the test runner's options)
  bench [OPTIONS]  measure throughput beside peers and limits in one run; writes benchmarks/RESULTS.md; --device cuda for a GPU

TorchBackend=cpu|cuda-linux|cuda-windows|system chooses the backend by hand.
TEXT
}

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

version_of() {
    sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" Directory.Packages.props
}

# Whether the package feed has these packages: a restore of an empty project that wants them.
feed_has() {
    local probe=obj/feed-probe output package
    mkdir -p "$probe"
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>'
        for package in "$@"; do
            echo "<PackageReference Include=\"$package\" Version=\"$(version_of "$package")\" />"
        done
        echo '</ItemGroup></Project>'
    } > "$probe/probe.csproj"
    if output=$(dotnet restore "$probe/probe.csproj" -p:ImportDirectoryBuildProps=false \
        -p:ImportDirectoryBuildTargets=false -p:ImportDirectoryPackagesProps=false 2>&1); then
        return 0
    fi
    # NU1101, NU1102: the feed answers and has no such package or version. Anything else is not ours to interpret.
    grep -qE 'NU110[12]: ' <<< "$output" && return 1
    printf '%s\n' "$output" >&2
    fail "the package feed cannot be asked for $*; see the messages above."
}

# Prints what keeps TorchSharp's native library from loading on this machine, such as an older C++ runtime; nothing where it loads.
torchsharp_lacks() {
    local packages library
    packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: *//')
    library=$packages/torchsharp/$(version_of TorchSharp)/runtimes/linux-x64/native/libLibTorchSharp.so
    [ "$(uname -sm)" = "Linux x86_64" ] && [ -e "$library" ] || return 0
    { ldd "$library" 2>&1 || true; } | sed -n "s/.*\/\([^/]*: version .* not found\).*/\1/p" | head -1
}

# Prints why the packages will not do here; nothing where they will.
packages_lack() {
    local native=TorchSharp-cpu reason
    [ ! -e /proc/driver/nvidia/version ] || native=TorchSharp-cuda-linux
    feed_has TorchSharp SkiaSharp || { echo "the package feed has no TorchSharp"; return; }
    reason=$(torchsharp_lacks)
    # Gigabytes, so asked for last.
    if [ -n "$reason" ]; then
        echo "TorchSharp's package does not load here ($reason)"
    elif ! feed_has "$native" SkiaSharp.NativeAssets.Linux.NoDependencies; then
        echo "the package feed has no $native"
    fi
}

find_backend() {
    command -v dotnet > /dev/null || fail "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download"
    local reason
    if [ -n "${LIBTORCH:-}" ] && [ -z "${TorchBackend:-}" ]; then
        export TorchBackend=system
        echo "build.sh: LIBTORCH is set; using the system backend (backends/system) over it."
    fi
    if [ -z "${TorchBackend:-}" ] && [ ! -f backend.props ]; then
        reason=$(packages_lack)
        [ -n "$reason" ] || return 0
        echo "build.sh: $reason; using the system backend (backends/system)."
        cat > backend.props <<'XML'
<Project>
  <!-- Written by build.sh; delete it to look for the packages again. -->
  <PropertyGroup>
    <TorchBackend Condition="'$(TorchBackend)' == ''">system</TorchBackend>
  </PropertyGroup>
</Project>
XML
    fi
    if [ "${TorchBackend:-system}" = system ]; then
        require_system_libraries
    fi
}

has_header() {
    printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | g++ -x c++ -fsyntax-only - 2> /dev/null
}

has_library() {
    { ldconfig -p 2> /dev/null || true; } | grep -q "$1\.so\.0"
}

needed_packages() {
    local needed=""
    command -v g++ > /dev/null || needed+=" g++"
    [ -n "${LIBTORCH:-}" ] || has_header ATen/core/dispatch/Dispatcher.h || needed+=" libtorch-dev"
    has_header jpeglib.h || needed+=" libjpeg-dev"
    has_header png.h || needed+=" libpng-dev"
    echo "${needed# }"
}

# Decoding, and training over the plain BLAS, are slower without them. Another libtorch has a BLAS of its own.
wanted_packages() {
    local wanted=""
    has_library libturbojpeg || wanted+=" libturbojpeg0"
    [ -n "${LIBTORCH:-}" ] || has_library libopenblas || wanted+=" libopenblas0"
    echo "${wanted# }"
}

require_system_libraries() {
    local missing sudo=""
    if [ -n "${LIBTORCH:-}" ]; then
        [ -d "$LIBTORCH/include/ATen" ] ||
            fail "LIBTORCH=$LIBTORCH holds no include/ATen; name a libtorch folder, or the torch folder of a Python PyTorch."
        # The projects are built in folders of their own.
        LIBTORCH=$(cd "$LIBTORCH" && pwd)
        export LIBTORCH
    fi
    missing="$(needed_packages) $(wanted_packages)"
    missing=${missing# }
    [ -n "$missing" ] || return 0
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    if command -v apt-get > /dev/null && $sudo true 2> /dev/null; then
        echo "build.sh: installing $missing"
        # The package lists may be missing or old, or the network; what matters is what is there in the end.
        $sudo apt-get update -qq || true
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing > /dev/null || true
    fi
    missing=$(needed_packages)
    [ -z "$missing" ] || fail "the system backend needs these packages (Debian's names): $missing. Install them, or set LIBTORCH for another libtorch, and run this again."
}

build() {
    dotnet build "$1" -c "$configuration" -v quiet --nologo
}

run_built() {
    local name=$1
    shift
    dotnet "examples/$name/bin/$configuration/net10.0/$name.dll" "$@"
}

demo() {
    build examples/LoadBatches
    local arg
    for arg in "$@"; do
        case $arg in
            --root | --root=* | -h | --help | '-?')
                run_built LoadBatches "$@"
                return
                ;;
        esac
    done
    build examples/SyntheticVoc
    build examples/FcnTraining
    run_built SyntheticVoc --out data/demo
    run_built LoadBatches --root data/demo "$@"
    # About a minute on two cores: a narrow network that learns to tell the generated classes apart.
    rm -rf data/demo-fcn
    run_built FcnTraining --root data/demo --out data/demo-fcn --crop 128x192 --batch-size 8 --epochs 16 --width 16 --head fcn8 --lr 0.02 --seed 1 --cache host
}

# Ends with the plain line "N passed, N failed, N skipped".
run_tests() {
    build VocSeg.Torch.sln
    local log status=0 summary
    . eng/test-summary.sh
    log=$(mktemp)
    dotnet "VocSeg.Torch.Tests/bin/$configuration/net10.0/VocSeg.Torch.Tests.dll" -noLogo -noColor "$@" | tee "$log" || status=$?
    summary=$(test_summary "$log") || fail "the test run ended without a summary (exit status $status)."
    rm -f "$log"
    echo "$summary"
    tests_ran "$summary" || fail "no test ran."
    return "$status"
}

# Peers and limits need more; what cannot be installed shows as a reason in the table.
bench_needs() {
    local packages="python3-torch python3-torchvision python3-pil python3-numpy gcc libjpeg-dev libpng-dev"
    /usr/bin/python3 -c 'import torch, torchvision, PIL, numpy' 2> /dev/null && has_header jpeglib.h && has_header png.h && return
    if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
        echo "build.sh: installing $packages"
        apt-get update -qq || true
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages > /dev/null || true
    else
        echo "build.sh: for all peers install $packages (Debian's names)"
    fi
}

bench() {
    if [ "${1:-}" = --micro ]; then
        shift
        build benchmarks/Micro
        dotnet "benchmarks/Micro/bin/$configuration/net10.0/Micro.dll" "$@"
        return
    fi
    bench_needs
    build benchmarks/Throughput
    dotnet "benchmarks/Throughput/bin/$configuration/net10.0/Throughput.dll" "$@"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
    setup) find_backend ;;
    demo)
        find_backend
        demo "$@"
        ;;
    test)
        find_backend
        run_tests "$@"
        ;;
    bench)
        find_backend
        bench "$@"
        ;;
    -h | --help | help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
