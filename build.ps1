# Sets up and runs everything: ./build.ps1 demo | test. See README.md.
# The system backend is for Linux; on Windows the packages are used.
param([Parameter(Position = 0)][string]$Verb = '', [Parameter(ValueFromRemainingArguments)][string[]]$Rest = @())
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$configuration = 'Release'

function Invoke-Checked([string]$Command, [string[]]$Arguments) {
    & $Command @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Build([string]$Project) {
    Invoke-Checked dotnet @('build', $Project, '-c', $configuration, '-v', 'quiet', '--nologo')
}

function Invoke-Built([string]$Name, [string[]]$Arguments) {
    Invoke-Checked dotnet (@("examples/$Name/bin/$configuration/net10.0/$Name.dll") + $Arguments)
}

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error 'build.ps1: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download'
}

switch ($Verb) {
    'demo' {
        Build examples/LoadBatches
        if ($Rest | Where-Object { $_ -match '^(--root(=.*)?|-h|--help|-\?)$' }) {
            Invoke-Built LoadBatches $Rest
        }
        else {
            Build examples/SyntheticVoc
            Build examples/FcnTraining
            Invoke-Built SyntheticVoc @('--out', 'data/demo')
            Invoke-Built LoadBatches (@('--root', 'data/demo') + $Rest)
            # About a minute on two cores: a narrow network that learns to tell the generated classes apart.
            Remove-Item data/demo-fcn -Recurse -ErrorAction SilentlyContinue
            Invoke-Built FcnTraining @('--root', 'data/demo', '--out', 'data/demo-fcn', '--crop', '128x192', '--batch-size', '8', '--epochs', '16', '--width', '16', '--head', 'fcn8', '--lr', '0.02', '--seed', '1', '--cache', 'host')
        }
    }
    'test' {
        Build VocSeg.Torch.sln
        $log = @()
        & dotnet "VocSeg.Torch.Tests/bin/$configuration/net10.0/VocSeg.Torch.Tests.dll" -noLogo -noColor @Rest | Tee-Object -Variable log
        $status = $LASTEXITCODE
        $summary = $log | Select-String 'Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)' | Select-Object -Last 1
        if (-not $summary) { Write-Error "build.ps1: the test run ended without a summary (exit status $status)." }
        $total, $errors, $failed, $skipped = $summary.Matches[0].Groups[1..4] | ForEach-Object { [int]$_.Value }
        Write-Output "$($total - $failed - $skipped) passed, $($failed + $errors) failed, $skipped skipped"
        exit $status
    }
    default {
        Write-Output 'usage: ./build.ps1 demo [OPTIONS] | test [OPTIONS]'
        exit $(if ($Verb -in 'help', '-h', '--help') { 0 } else { 2 })
    }
}
