# Builds and runs everything: see usage below. Only the .NET 10 SDK must be there.
param([Parameter(Position = 0)][string]$Verb = '', [Parameter(ValueFromRemainingArguments)][string[]]$Rest = @())
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Invoke-Checked([string[]]$Arguments) {
    & dotnet @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Build([string]$Project) {
    Invoke-Checked @('build', $Project, '-c', 'Release', '-v', 'minimal', '--nologo', '--tl:off')
}

function Start-Built([string]$Project, [string[]]$Arguments) {
    Invoke-Checked (@("$Project/bin/Release/net10.0/$(Split-Path $Project -Leaf).dll") + $Arguments)
}

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error 'build.ps1: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download'
}

switch ($Verb) {
    'demo' {
        Build examples/LoadBatches
        if ($Rest | Where-Object { $_ -match '^(--root(=.*)?|-h|--help|-\?)$' }) {
            Start-Built examples/LoadBatches $Rest
        }
        else {
            Build examples/SyntheticVoc
            Build examples/FcnTraining
            Start-Built examples/SyntheticVoc @('--out', 'data/demo')
            Start-Built examples/LoadBatches (@('--root', 'data/demo') + $Rest)
            # About a minute on two cores: a narrow network that learns to tell the generated classes apart.
            Remove-Item data/demo-fcn -Recurse -ErrorAction SilentlyContinue
            Start-Built examples/FcnTraining @('--root', 'data/demo', '--out', 'data/demo-fcn', '--crop', '128x192',
                '--batch-size', '8', '--epochs', '16', '--width', '16', '--head', 'fcn8', '--lr', '0.02',
                '--seed', '1', '--cache', 'host')
        }
    }
    { $_ -in 'test', 'fuzz', 'soak' } {
        if ($Verb -ne 'test') {
            if ($Rest.Count -eq 0) { Write-Error "build.ps1: ${Verb}: how many minutes?" }
            $minutes, $folder = @{ fuzz = 'FUZZ', 'Fuzzing'; soak = 'SOAK', 'Soak' }[$Verb]
            Set-Item "env:VOCSEG_${minutes}_MINUTES" $Rest[0]
            $Rest = @('-namespace', "VocSeg.Torch.Tests.$folder")
        }
        Build VocSeg.Torch.sln
        $log = @()
        $tests = 'VocSeg.Torch.Tests/bin/Release/net10.0/VocSeg.Torch.Tests.dll'
        & dotnet $tests -noLogo -noColor @Rest | Tee-Object -Variable log
        $status = $LASTEXITCODE
        $counts = 'Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)'
        $summary = $log | Select-String $counts | Select-Object -Last 1
        if (-not $summary) { Write-Error "build.ps1: the test run ended without a summary (exit status $status)." }
        $total, $errors, $failed, $skipped = $summary.Matches[0].Groups[1..4] | ForEach-Object { [int]$_.Value }
        Write-Output "$($total - $failed - $skipped) passed, $($failed + $errors) failed, $skipped skipped"
        exit $status
    }
    'bench' {
        $project = 'benchmarks/Throughput'
        if ($Rest.Count -gt 0 -and $Rest[0] -eq '--micro') {
            $project = 'benchmarks/Micro'
            $Rest = @($Rest | Select-Object -Skip 1)
        }
        Build $project
        Start-Built $project $Rest
    }
    'pack' {
        foreach ($project in 'VocSeg.Torch', 'templates') {
            Invoke-Checked (@('pack', $project, '-c', 'Release', '-v', 'minimal', '--nologo', '--tl:off') + $Rest)
        }
    }
    'apidocs' {
        Remove-Item artifacts/api, artifacts/api-yaml -Recurse -ErrorAction SilentlyContinue
        Invoke-Checked @('tool', 'restore')
        # A broken cross reference is an error.
        Invoke-Checked @('docfx', 'eng/api/docfx.json', '--warningsAsErrors')
    }
    'readme' {
        Build benchmarks/Throughput
        Start-Built benchmarks/Throughput @('readme')
    }
    'pictures' {
        Build eng/Pictures
        Start-Built eng/Pictures $Rest
    }
    default {
        Write-Output ('usage: ./build.ps1 demo | test | fuzz MINUTES | soak MINUTES | bench | pack | apidocs' +
            ' | pictures | readme, then OPTIONS')
        exit $(if ($Verb -in 'help', '-h', '--help') { 0 } else { 2 })
    }
}
