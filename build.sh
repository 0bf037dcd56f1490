#!/usr/bin/env bash
# Builds and runs everything: see usage below. Only the .NET 10 SDK must be there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
    cat <<'TEXT'
usage: ./build.sh VERB [OPTIONS]

  demo [OPTIONS]   load batches of a generated data set and train on it, or load from --root DIR (LoadBatches' options)
  test [OPTIONS]   build everything and run the tests (the test runner's options)
  fuzz MINUTES     the tests with mutated files, with fresh seeds for so long
  soak MINUTES     loops that end in every way, disturbed threads and 50 killed trainings, with fresh seeds for so long
  bench [OPTIONS]  measure throughput beside peers and limits (--device cuda for a GPU, --micro for single steps)
  pack             the packages of the library and of the template for dotnet new, into artifacts/
  apidocs          the API reference, into artifacts/api
  pictures         make the pictures of README and docs anew, in docs/pictures
  readme           bring README's throughput up to date with benchmarks/RESULTS.md

TorchBackend=cpu|cuda-linux|cuda-windows|folder chooses the libtorch by hand; without it the NVIDIA driver decides.
TEXT
}

fail() { echo "build.sh: $*" >&2 && exit 1; }
# wants NAME PACKAGE... : Debian packages that make things better, installed where that can be done, else named.
wants() {
    local what=$1
    shift
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "build.sh: installing $* for $what"
        apt-get update -qq || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null 2>&1 && return
    fi
    echo "build.sh: $what: install $* (Debian's names); it goes on without"
}

build() { dotnet build "$1" -c Release -v minimal --nologo --tl:off; }
start() { dotnet "$1/bin/Release/net10.0/$(basename "$1").dll" "${@:2}"; }

demo() {
    build examples/LoadBatches
    case " $* " in *" --root"* | *" -h "* | *" --help "* | *" -? "*)
        start examples/LoadBatches "$@"
        return
        ;;
    esac
    for project in SyntheticVoc FcnTraining; do build "examples/$project"; done
    start examples/SyntheticVoc --out data/demo
    start examples/LoadBatches --root data/demo "$@"
    # About a minute on two cores: a narrow network that learns to tell the generated classes apart.
    rm -rf data/demo-fcn
    start examples/FcnTraining --root data/demo --out data/demo-fcn --crop 128x192 --batch-size 8 --epochs 16 \
        --width 16 --head fcn8 --lr 0.02 --seed 1 --cache host
}

# Ends with the plain line "N passed, N failed, N skipped".
run_tests() {
    command -v chromium chromium-browser google-chrome > /dev/null || wants "the tests in a browser" chromium
    command -v mpirun > /dev/null || wants "the test with two processes" openmpi-bin
    build VocSeg.Torch.sln
    . eng/test-summary.sh
    local log=data/test.log status=0 summary && mkdir -p data
    start VocSeg.Torch.Tests -noLogo -noColor "$@" | tee "$log" || status=$?
    summary=$(test_summary "$log") || fail "the test run ended without a summary (exit status $status)."
    echo "$summary"
    tests_ran "$summary" || fail "no test ran."
    return "$status"
}

fuzz() { VOCSEG_FUZZ_MINUTES=${1:?how many minutes} run_tests -namespace VocSeg.Torch.Tests.Fuzzing; }

# Prints what each test has counted.
soak() { VOCSEG_SOAK_MINUTES=${1:?how many minutes} run_tests -namespace VocSeg.Torch.Tests.Soak; }

bench() {
    if [ "${1:-}" = --micro ]; then
        build benchmarks/Micro
        start benchmarks/Micro "${@:2}"
        return
    fi
    local peers=(python3-torch python3-torchvision python3-pil python3-numpy)
    { "${PYTHON:-/usr/bin/python3}" -c 'import torch, torchvision, PIL, numpy' && [ -f /usr/include/jpeglib.h ]; } \
        2> /dev/null || wants "all peers and limits" "${peers[@]}" gcc libjpeg-dev libpng-dev
    build benchmarks/Throughput
    start benchmarks/Throughput "$@"
}

pack() {
    local project
    for project in VocSeg.Torch templates; do
        dotnet pack "$project" -c Release -v minimal --nologo --tl:off "$@"
    done
}

# A broken cross reference is an error.
apidocs() {
    rm -rf artifacts/api artifacts/api-yaml
    dotnet tool restore
    dotnet docfx eng/api/docfx.json --warningsAsErrors
}

readme() {
    build benchmarks/Throughput
    start benchmarks/Throughput readme
}

pictures() {
    build eng/Pictures
    start eng/Pictures "$@"
}

verb=${1:-}
case $verb in
    demo | test | fuzz | soak | bench | pack | apidocs | pictures | readme)
        command -v dotnet > /dev/null || fail "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download"
        case $verb in
            pack | apidocs) ;;
            *)
                { ldconfig -p 2> /dev/null || true; } | grep -q libturbojpeg ||
                    wants "faster JPEG decoding" libturbojpeg0
                ;;
        esac
        [ "$verb" != test ] || verb=run_tests
        "$verb" "${@:2}"
        ;;
    -h | --help | help) usage ;;
    *) usage >&2 && exit 2 ;;
esac
